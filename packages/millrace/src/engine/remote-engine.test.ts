import assert from "node:assert/strict";
import { test } from "node:test";
import { systemPlatform } from "../common/platform/system/index.ts";
import type { Engine, Job } from "./engine.ts";
import { anyJob, silentLog, values } from "./fixtures/test-engine.ts";
import { RemoteEngine } from "./remote-engine.ts";

const job: Job = { node: values([1]), partitions: [0], sink: { kind: "count" }, ...anyJob };

function remote(create: () => Engine) {
  let loads = 0;
  const load = async () => {
    loads += 1;
    return { createEngine: create };
  };
  return { engine: new RemoteEngine("sc://h", systemPlatform, silentLog, load), loads: () => loads };
}

const answering = (log: string[] = []): Engine => ({
  parallelism: 1,
  releaseBroadcast: () => {},
  storageStatus: () => [],
  run: async () => [7],
  unpersist: node => void log.push(`unpersist ${node.id}`),
  stop: async () => void log.push("stop"),
});

test("the package is loaded by the first job that has something to run", async () => {
  const { engine, loads } = remote(() => answering());
  assert.deepEqual(await engine.run({ ...job, partitions: [] }), []);
  engine.unpersist(job.node);
  assert.equal(loads(), 0);
  assert.deepEqual(await Promise.all([engine.run(job), engine.run(job)]), [[7], [7]]);
  assert.equal(loads(), 1);
});

test("it is told of what is unpersisted, and stopped", async () => {
  const log: string[] = [];
  const { engine } = remote(() => answering(log));
  await engine.run(job);
  engine.unpersist(job.node);
  await engine.stop();
  assert.deepEqual(log, [`unpersist ${job.node.id}`, "stop"]);
  await assert.rejects(engine.run(job), { code: "MR_JOB_CANCELLED" });
});

test("connecting loads the package and makes its engine ready", async () => {
  const log: string[] = [];
  const { engine, loads } = remote(() => ({ ...answering(), connect: async () => void log.push("connect") }));
  await engine.connect();
  assert.deepEqual(await engine.run(job), [7]);
  assert.deepEqual([log, loads()], [["connect"], 1]);
  await remote(() => answering()).engine.connect();
});

test("without a job there is nothing to stop", () => remote(() => answering()).engine.stop());
