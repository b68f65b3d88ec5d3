import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { Job } from "./job.ts";
import { JobScheduler } from "./job-scheduler.ts";
import { JobSet } from "./job-set.ts";
import { StreamingListenerBus } from "./streaming-listener-bus.ts";

const ignore = () => {};
const quiet: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const site = { file: "/app/main.ts", line: 7, column: 1, text: "main.ts:7" };

function setUp(concurrentJobs = 1) {
  const clock = new ManualClock(5000);
  const trace: string[] = [];
  const errors: Error[] = [];
  const bus = new StreamingListenerBus(quiet);
  bus.start();
  const { timers } = createDeterministicPlatform({ seed: 1 });
  const scheduler = new JobScheduler({
    concurrentJobs,
    clock,
    timers,
    bus,
    log: quiet,
    onBatchCompleted: jobSet => trace.push(`completed ${jobSet.timeMs}${jobSet.hasFailed ? " failed" : ""}`),
    onError: error => errors.push(error),
  });
  const job = (timeMs: number, outputOpId: number, run?: () => Promise<void>): Job => ({
    timeMs,
    outputOpId,
    operator: "foreachRDD",
    site,
    run: async () => {
      trace.push(`begin ${timeMs}.${outputOpId}`);
      await run?.();
      trace.push(`end ${timeMs}.${outputOpId}`);
    },
  });
  const submit = (...jobs: Job[]) => scheduler.submit(new JobSet(jobs[0]?.timeMs ?? 0, jobs, new Map()));
  return { clock, trace, errors, bus, scheduler, job, submit };
}

test("jobs run one after the other, in the order of batches and outputs", async () => {
  const { scheduler, trace, job, submit } = setUp();
  submit(job(1, 0), job(1, 1));
  submit(job(2, 0));
  assert.deepEqual(trace, [], "never inside the caller");
  assert.deepEqual(scheduler.pendingTimes, [1, 2]);
  await scheduler.whenIdle();
  assert.deepEqual(trace, [
    "begin 1.0",
    "end 1.0",
    "begin 1.1",
    "end 1.1",
    "completed 1",
    "begin 2.0",
    "end 2.0",
    "completed 2",
  ]);
  assert.deepEqual(scheduler.pendingTimes, []);
});

test("as many at once as allowed", async () => {
  const { scheduler, trace, job, submit } = setUp(2);
  const gate = Promise.withResolvers<void>();
  submit(job(1, 0, () => gate.promise));
  submit(job(2, 0, async () => gate.resolve()));
  await scheduler.whenIdle();
  assert.deepEqual(trace.slice(0, 2), ["begin 1.0", "begin 2.0"]);
});

test("a failed job is reported and stops neither its batch nor later ones", async () => {
  const { scheduler, trace, errors, job, submit } = setUp();
  submit(
    job(1000, 0, () => Promise.reject(new RangeError("This is a failed job"))),
    job(1000, 1),
  );
  submit(job(2000, 0));
  await scheduler.whenIdle();
  assert.deepEqual(trace, [
    "begin 1000.0",
    "begin 1000.1",
    "end 1000.1",
    "completed 1000 failed",
    "begin 2000.0",
    "end 2000.0",
    "completed 2000",
  ]);
  assert.equal(errors.length, 1);
  assert.match(errors[0]?.message ?? "", /Error running job streaming job 1000 ms\.0: This is a failed job/);
  assert.ok(errors[0]?.cause instanceof RangeError);
});

test("events come in Spark's order, with times and reasons", async () => {
  const { clock, scheduler, bus, job, submit } = setUp();
  const events: string[] = [];
  const details: unknown[] = [];
  bus.add({
    onBatchSubmitted: ({ batchInfo }) => events.push(`submitted ${batchInfo.batchTime}`),
    onBatchStarted: ({ batchInfo }) => events.push(`started ${batchInfo.batchTime}`),
    onOutputOperationStarted: ({ outputOperationInfo: info }) => events.push(`operation ${info.id} started`),
    onOutputOperationCompleted: ({ outputOperationInfo: info }) => {
      events.push(`operation ${info.id} completed`);
      details.push([info.name, info.description, info.duration, info.failureReason?.includes("no good")]);
    },
    onBatchCompleted: ({ batchInfo: info }) => {
      events.push(`completed ${info.batchTime}`);
      details.push([
        info.schedulingDelay,
        info.processingDelay,
        info.totalDelay,
        info.outputOperationInfos.size,
      ]);
    },
  });
  const wait = async () => clock.advance(30);
  submit(
    job(1000, 0, wait),
    job(1000, 1, () => Promise.reject(new RangeError("no good"))),
  );
  clock.advance(5);
  await scheduler.whenIdle();
  await bus.flush();
  assert.deepEqual(events, [
    "submitted 1000 ms",
    "started 1000 ms",
    "operation 0 started",
    "operation 0 completed",
    "operation 1 started",
    "operation 1 completed",
    "completed 1000 ms",
  ]);
  assert.deepEqual(details, [
    ["foreachRDD at main.ts:7", "foreachRDD at /app/main.ts:7", 35, undefined],
    ["foreachRDD at main.ts:7", "foreachRDD at /app/main.ts:7", 0, true],
    [0, 35, 35, 2],
  ]);
});

test("an immediate stop drops what is queued", async () => {
  const { scheduler, trace, job, submit } = setUp();
  submit(job(1, 0), job(1, 1));
  submit(job(2, 0));
  await scheduler.stop(false);
  assert.deepEqual(trace, ["begin 1.0", "end 1.0"]);
});

test("a graceful stop runs what is queued", async () => {
  const { scheduler, trace, job, submit } = setUp();
  submit(job(1, 0));
  submit(job(2, 0));
  await scheduler.stop(true);
  assert.equal(trace.at(-1), "completed 2");
});
