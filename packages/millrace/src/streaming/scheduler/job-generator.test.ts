import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";
import { Receiver } from "../receiver/receiver.ts";
import { StreamingContext } from "../streaming-context.ts";

test("the first batch is at the next multiple of the interval, the zero time one before", async () => {
  const { ssc, clock } = manualContext();
  clock.advance(2300);
  const times: number[] = [];
  batchesStream(ssc, []).foreachRDD((_, time) => times.push(time.milliseconds));
  await ssc.start();
  assert.equal(ssc.graph.zeroMs, 2000);
  clock.advance(700);
  await ssc.whenIdle();
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(times, [3000, 4000]);
});

test("after a stall every batch comes, back to back and in order", async () => {
  const { ssc, clock } = manualContext();
  const times: number[] = [];
  batchesStream(ssc, []).foreachRDD((_, time) => times.push(time.milliseconds));
  await ssc.start();
  clock.advance(5000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(times, [1000, 2000, 3000, 4000, 5000]);
});

test("a batch whose generation failed has no jobs; later ones go on", async () => {
  const { ssc, clock } = manualContext();
  const times: number[] = [];
  const stream = batchesStream(ssc, [[1], [2], [3]]);
  stream.foreachRDD((_, time) => times.push(time.milliseconds));
  stream
    .transform((rdd, time) => {
      if (time.milliseconds === 2000) throw new RangeError("not this one");
      return rdd;
    })
    .foreachRDD(() => {});
  await ssc.start();
  clock.advance(3000);
  await ssc.whenIdle();
  await assert.rejects(ssc.awaitTermination(), {
    code: "MR_STREAMING_GENERATION_FAILED",
    message: "Error generating jobs for time 2000 ms: not this one",
  });
  await ssc.stop();
  assert.deepEqual(times, [1000, 3000]);
});

test("output operations are numbered by their position among the jobs of a batch", async () => {
  const { ssc, clock } = manualContext();
  const ids: string[] = [];
  const stream = batchesStream(ssc, [[1], [2]]);
  stream.window(2000, 2000).foreachRDD(() => {});
  stream.foreachRDD(() => {});
  ssc.addStreamingListener({
    onOutputOperationCompleted: ({ outputOperationInfo: { batchTime, id } }) =>
      ids.push(`${batchTime}: ${id}`),
  });
  await ssc.start();
  clock.advance(2000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(ids, ["1000 ms: 0", "2000 ms: 0", "2000 ms: 1"]);
});

test("a batch without jobs forgets nothing that an unfinished one before it needs", async () => {
  const { ssc, clock } = manualContext();
  const gate = Promise.withResolvers<void>();
  const stream = batchesStream(ssc, [[1], null, null, null]);
  stream.foreachRDD(() => gate.promise);
  await ssc.start();
  clock.advance(4000);
  assert.deepEqual([...stream.node.generatedRDDs.keys()], [1000]);
  gate.resolve();
  await ssc.whenIdle();
  assert.deepEqual([...stream.node.generatedRDDs.keys()], []);
  await ssc.stop();
});

class Manual extends Receiver<number> {
  override onStart() {}
  override onStop() {}
}

function simulated(conf: Readonly<Record<string, string>> = {}) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const settings = { "spark.master": "local", "spark.app.name": "drain", "spark.log.level": "off", ...conf };
  return { platform, ssc: new StreamingContext(new SparkConf(settings), 1000, { platform }) };
}

test("a graceful stop: receivers first, what they stored is processed, two more batches follow", async () => {
  const { platform, ssc } = simulated();
  const receiver = new Manual();
  const seen: [number, ...number[]][] = [];
  ssc.receiverStream(receiver).foreachRDD(async (rdd, time) => {
    seen.push([time.milliseconds, ...(await rdd.collect())]);
  });
  await platform.run(ssc.start());
  await platform.advance(2300);
  void receiver.store(1);
  const stopped = ssc.stop({ graceful: true });
  assert.equal(receiver.isStopped(), true);
  await platform.run(stopped);
  assert.deepEqual(seen, [[1000], [2000], [3000, 1], [4000], [5000]]);
});

test("a graceful stop gives up after its time-out", async () => {
  const { platform, ssc } = simulated({ "spark.streaming.gracefulStopTimeout": "5s" });
  const gate = Promise.withResolvers<void>();
  ssc.queueStream([[1]]).foreachRDD(() => gate.promise);
  await platform.run(ssc.start());
  await platform.advance(1000);
  const stopped = ssc.stop({ graceful: true });
  await platform.advance(5000);
  gate.resolve();
  await platform.run(stopped);
  assert.equal(ssc.getState(), "STOPPED");
});

test("an immediate stop does not wait for a job that hangs", async () => {
  const { platform, ssc } = simulated();
  ssc.queueStream([[1]]).foreachRDD(() => new Promise(() => {}));
  await platform.run(ssc.start());
  await platform.advance(1000);
  await platform.run(ssc.stop());
  assert.deepEqual([ssc.getState(), platform.clock.now()], ["STOPPED", 3000]);
});

test("jobs may stop the context they belong to", async () => {
  const { platform, ssc } = simulated();
  let batches = 0;
  ssc.queueStream([[1], [2], [3]]).foreachRDD(() => {
    batches += 1;
    if (batches === 2) void ssc.stop();
  });
  await platform.run(ssc.start());
  await platform.run(ssc.awaitTermination());
  assert.equal(batches, 2);
});
