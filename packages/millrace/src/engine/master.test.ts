import assert from "node:assert/strict";
import { test } from "node:test";
import { systemPlatform } from "../common/platform/system/index.ts";
import { createEngine } from "./create-engine.ts";
import { silentLog } from "./fixtures/test-engine.ts";
import { parseMaster } from "./master.ts";

const local = (threads: number, maxFailures: number) => ({ kind: "local", threads, maxFailures });

for (const [master, expected] of [
  ["local", local(1, 1)],
  ["local[3]", local(3, 1)],
  ["local[*]", local(8, 1)],
  ["local[*,4]", local(8, 4)],
  ["local[ 2 , 3 ]", local(2, 3)],
  ["sc://host:15002", { kind: "remote", url: "sc://host:15002" }],
] as const) {
  test(`understands ${master}`, () => assert.deepEqual(parseMaster(master, 8), expected));
}

for (const master of [
  "",
  "local[]",
  "local[0]",
  "local[2,0]",
  "local[-1]",
  "local[1.5]",
  "LOCAL",
  "spark://h:7077",
  "yarn",
  "local[2",
]) {
  test(`refuses ${JSON.stringify(master)}`, () => {
    assert.throws(() => parseMaster(master, 8), { code: "MR_MASTER_INVALID" });
  });
}

test("a master of another package is no concern of this one before a job runs", async () => {
  const engine = createEngine("sc://host", systemPlatform, silentLog);
  assert.equal(engine.parallelism, 2);
  await engine.stop();
});
