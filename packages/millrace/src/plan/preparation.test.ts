import assert from "node:assert/strict";
import { test } from "node:test";
import { Preparation } from "./preparation.ts";

test("runs once, after what must be before", async () => {
  const log: string[] = [];
  const before = new Preparation(async () => void log.push("before"), []);
  const preparation = new Preparation(async () => void log.push("run"), [before]);
  await Promise.all([preparation.ensure(undefined), preparation.ensure(undefined), before.ensure(undefined)]);
  await preparation.ensure(undefined);
  assert.deepEqual(log, ["before", "run"]);
  assert.ok(preparation.isDone);
});

test("after a failure the next job tries again; a job that waited does so itself", async () => {
  let runs = 0;
  const preparation = new Preparation(async () => {
    runs += 1;
    if (runs === 1) throw new Error("first");
  }, []);
  const results = await Promise.allSettled([preparation.ensure(undefined), preparation.ensure(undefined)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "fulfilled"],
  );
  assert.equal(runs, 2);
});
