import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { SparkListenerEvent } from "../../engine/events/index.ts";
import { withContext } from "../fixtures/contexts.ts";
import { SparkContext } from "../spark-context.ts";

const endless = (sc: SparkContext) => sc.range(0, 1e15).count();
const cancelled = { code: "MR_JOB_CANCELLED" };

for (const master of ["local", "local[2]"]) {
  test(`${master}: a group of jobs is given up, others go on`, () =>
    withContext(master, async sc => {
      const other = sc.withLocalProperties({}, () => sc.range(0, 100_000).count());
      sc.setJobGroup("doomed");
      const first = assert.rejects(endless(sc), {
        ...cancelled,
        message: /part of cancelled job group doomed/,
      });
      const second = assert.rejects(endless(sc), cancelled);
      sc.cancelJobGroup("somebody else");
      sc.cancelJobGroup("doomed");
      await Promise.all([first, second]);
      assert.equal(await other, 100_000);
      assert.equal(await sc.range(0, 10).count(), 10);
    }));

  test(`${master}: all jobs, or one, are given up`, () =>
    withContext(master, async sc => {
      const all = [assert.rejects(endless(sc), cancelled), assert.rejects(endless(sc), cancelled)];
      sc.cancelAllJobs();
      await Promise.all(all);
      const ids: number[] = [];
      const one = sc.withSignal(
        new AbortController().signal,
        () => endless(sc),
        id => ids.push(id),
      );
      assert.deepEqual(ids, [2]);
      sc.cancelJob(2);
      await assert.rejects(one, cancelled);
    }));

  test(`${master}: a job that waits for a slot is given up at once`, () =>
    withContext(master, async sc => {
      const busy = endless(sc);
      const waiting = endless(sc);
      await new Promise(resolve => setImmediate(resolve));
      sc.cancelJob(1);
      await assert.rejects(waiting, cancelled);
      sc.cancelAllJobs();
      await assert.rejects(busy, cancelled);
    }));

  test(`${master}: a signal gives up the jobs of its scope`, () =>
    withContext(master, async sc => {
      const outer = new AbortController();
      const inner = new AbortController();
      const jobs = sc.withSignal(outer.signal, () => [
        endless(sc),
        sc.withSignal(inner.signal, () => endless(sc)),
      ]);
      inner.abort("enough");
      await assert.rejects(jobs[1] as Promise<number>, { ...cancelled, message: /enough/ });
      outer.abort("all of it");
      await assert.rejects(jobs[0] as Promise<number>, { ...cancelled, message: /all of it/ });
      await assert.rejects(
        sc.withSignal(AbortSignal.abort("before"), () => endless(sc)),
        /before/,
      );
    }));
}

test("local properties belong to a flow of calls", () =>
  withContext("local", async sc => {
    sc.setLocalProperty("who", "outer");
    const flow = async (who: string) => {
      await undefined;
      sc.setLocalProperty("who", who);
      await undefined;
      return sc.getLocalProperty("who");
    };
    assert.deepEqual(await Promise.all([flow("a"), flow("b")]), ["a", "b"]);
    assert.equal(sc.getLocalProperty("who"), "outer");
    sc.withLocalProperties({ other: "x" }, () => assert.deepEqual(sc.localProperties, { other: "x" }));
    sc.setLocalProperty("who", undefined);
    assert.deepEqual(sc.localProperties, {});
  }));

test("job groups are Spark's properties", () =>
  withContext("local", sc => {
    sc.setJobGroup("g", "what for", true);
    assert.deepEqual(sc.localProperties, {
      "spark.jobGroup.id": "g",
      "spark.job.description": "what for",
      "spark.job.interruptOnCancel": "true",
    });
    sc.clearJobGroup();
    assert.deepEqual(sc.localProperties, {});
  }));

test("listeners hear of jobs, stages and tasks in order", () =>
  withContext("local[1,2]", async sc => {
    const seen: string[] = [];
    const tell = (event: SparkListenerEvent): string => {
      switch (event.kind) {
        case "jobStart":
          return `job ${event.jobId} ${event.name.split(" ")[0]} ${event.properties["who"]}`;
        case "jobEnd":
          return `job ${event.jobId} ended ${event.error?.message.split(":")[0] ?? "well"}`;
        case "stageSubmitted":
          return `stage ${event.stage.name.split(" ")[0]} of ${event.stage.numTasks}`;
        case "stageCompleted":
          return `stage ended, ${event.accumulables.map(({ name, value }) => `${name} ${value}`).join()}`;
        case "taskEnd":
          return `task ${event.task.index}.${event.task.attempt} ${event.error === undefined ? "ok" : "failed"}`;
        default:
          return event.kind;
      }
    };
    sc.addSparkListener({ onEvent: event => void seen.push(tell(event)) });
    sc.setLocalProperty("who", "me");
    const records = sc.longAccumulator("records");
    await sc
      .parallelize(["a", "b"], 1)
      .map(word => {
        records.add(1);
        return [word, 1];
      })
      .reduceByKey((a, b) => a + b)
      .count();
    await assert.rejects(
      sc.parallelize([1]).foreach(() => {
        throw new Error("no");
      }),
    );
    await sc.stop();
    assert.deepEqual(seen, [
      "job 0 count me",
      "stage reduceByKey of 1",
      "taskStart",
      "task 0.0 ok",
      "stage ended, records 2",
      "stage count of 1",
      "taskStart",
      "task 0.0 ok",
      "stage ended, ",
      "job 0 ended well",
      "job 1 foreach me",
      "stage foreach of 1",
      "taskStart",
      "task 0.0 failed",
      "taskStart",
      "task 0.1 failed",
      "stage ended, ",
      "job 1 ended a task failed 2 times",
      "applicationEnd",
    ]);
  }));

test("the event log holds what happened, in Spark's form", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("logged")
    .set("spark.eventLog.enabled", "true")
    .set("spark.eventLog.dir", "file:///events");
  const sc = new SparkContext(conf, { platform });
  await platform.run(sc.parallelize([1, 2], 2).count());
  await platform.run(sc.stop());
  const file = platform.files.open(`/events/${sc.applicationId}`);
  const bytes = new Uint8Array(file.sizeBytes);
  await file.read(bytes, 0);
  const events = new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    events.map(({ Event }) => String(Event).replace("SparkListener", "")),
    [
      "LogStart",
      "ApplicationStart",
      "JobStart",
      "StageSubmitted",
      "TaskStart",
      "TaskEnd",
      "TaskStart",
      "TaskEnd",
      "StageCompleted",
      "JobEnd",
      "ApplicationEnd",
    ],
  );
  assert.deepEqual(events[9]?.["Job Result"], { Result: "JobSucceeded" });
});

test("an event log that cannot be written does not stop the application", async () => {
  const platform = createDeterministicPlatform({ seed: 1, files: { "/events": "a file, no directory" } });
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("logged")
    .set("spark.log.level", "off")
    .set("spark.eventLog.enabled", "true")
    .set("spark.eventLog.dir", "/events");
  const sc = new SparkContext(conf, { platform });
  assert.equal(await platform.run(sc.parallelize([1, 2], 2).count()), 2);
  await platform.run(sc.stop());
});

test("pools come from the allocation file; one that is not there is met at once", async () => {
  const allocation = '<allocations><pool name="first"><minShare>1</minShare></pool></allocations>';
  const platform = createDeterministicPlatform({ seed: 1, files: { "/pools.xml": allocation } });
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("fair")
    .set("spark.scheduler.mode", "FAIR")
    .set("spark.scheduler.allocation.file", "/pools.xml");
  const sc = new SparkContext(conf, { platform });
  const order: string[] = [];
  const job = (pool: string) =>
    sc.withLocalProperties({ "spark.scheduler.pool": pool }, async () => {
      await sc.range(0, 2, 1, 2).count();
      order.push(pool);
    });
  await platform.run(Promise.all([job("second"), job("first")]));
  assert.deepEqual(order, ["first", "second"]);
  await platform.run(sc.stop());
  assert.throws(() => new SparkContext(conf.set("spark.scheduler.allocation.file", "/none"), { platform }), {
    code: "MR_PATH_NOT_FOUND",
  });
});
