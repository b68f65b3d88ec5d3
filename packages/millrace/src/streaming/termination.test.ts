import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import { Termination } from "./termination.ts";

function setUp() {
  const platform = createDeterministicPlatform({ seed: 1 });
  return { platform, termination: new Termination(platform.timers) };
}

test("waits until stopped, however many wait", async () => {
  const { termination } = setUp();
  const waiting = [termination.wait(), termination.wait(), termination.waitFor(1000)];
  termination.stopped();
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined, true]);
  assert.equal(await termination.waitFor(1), true);
});

test("a timeout answers false", async () => {
  const { platform, termination } = setUp();
  const waiting = termination.waitFor(500);
  await platform.advance(500);
  assert.equal(await waiting, false);
});

test("the first error is thrown to everyone, for ever, and not replaced by the stop", async () => {
  const { termination } = setUp();
  const waiting = termination.wait();
  termination.failed(new RangeError("first"));
  termination.failed(new RangeError("second"));
  termination.stopped();
  for (const wait of [waiting, termination.wait(), termination.waitFor(10)]) {
    await assert.rejects(wait, { message: "first" });
  }
});
