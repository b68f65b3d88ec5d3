import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "../common/log/index.ts";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import { stopOnSignals } from "./shutdown.ts";

const ignore = () => {};
const quiet: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function setUp(stop: () => Promise<void>) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const remove = stopOnSignals(platform.host, platform.timers, quiet, stop);
  return { platform, remove };
}

test("the first signal stops; the process may end by itself, and is ended after a while", async () => {
  let stops = 0;
  const { platform } = setUp(async () => {
    stops += 1;
  });
  platform.host.raise("SIGTERM");
  await platform.settle();
  assert.deepEqual([stops, platform.host.exitCode], [1, undefined]);
  await platform.advance(10_000);
  assert.equal(platform.host.exitCode, 143);
});

test("the second signal ends the process at once", async () => {
  const { platform } = setUp(() => new Promise(() => {}));
  platform.host.raise("SIGINT");
  assert.equal(platform.host.exitCode, undefined);
  platform.host.raise("SIGINT");
  assert.equal(platform.host.exitCode, 130);
});

test("a stop that fails ends the process too", async () => {
  const { platform } = setUp(() => Promise.reject(new RangeError("stop")));
  platform.host.raise("SIGINT");
  await platform.advance(10_000);
  assert.equal(platform.host.exitCode, 130);
});

test("nothing happens once the handlers are removed", async () => {
  let stops = 0;
  const { platform, remove } = setUp(async () => {
    stops += 1;
  });
  remove();
  platform.host.raise("SIGINT");
  await platform.settle();
  assert.equal(stops, 0);
});
