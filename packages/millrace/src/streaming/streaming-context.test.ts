import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../common/clock/index.ts";
import { SparkConf } from "../common/conf/index.ts";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import { Duration, Seconds } from "../common/time/index.ts";
import { SparkContext } from "../rdd/index.ts";
import type { DStream } from "./dstream/dstream.ts";
import { batchesStream, manualContext } from "./fixtures/run-batches.ts";
import { StreamingContext } from "./streaming-context.ts";

const conf = () => new SparkConf().setMaster("local").setAppName("forms").set("spark.log.level", "off");

test("a context whose SparkContext is being stopped is no longer the active one", async () => {
  const { ssc } = manualContext();
  ssc.queueStream([[1]]).print();
  await ssc.start();
  const { sparkContext } = ssc;
  const states: string[] = [];
  const stop = sparkContext.stop.bind(sparkContext);
  sparkContext.stop = async () => {
    states.push(ssc.getState(), String(StreamingContext.getActive()));
    await stop();
  };
  await ssc.stop();
  assert.deepEqual(states, ["STOPPED", "undefined"]);
});

test("every form of the constructor", async () => {
  const sc = new SparkContext(conf());
  const contexts = [
    new StreamingContext(sc, Seconds(1)),
    new StreamingContext(conf(), "1s"),
    new StreamingContext("local", "forms", 1000),
    new StreamingContext(conf(), 1000, {
      clock: new ManualClock(),
      platform: createDeterministicPlatform({ seed: 1 }),
    }),
    new StreamingContext(conf().set("spark.streaming.clock", "manual"), 1000),
  ];
  assert.deepEqual(
    contexts.map(ssc => ssc.graph.batchMs),
    [1000, 1000, 1000, 1000, 1000],
  );
  assert.deepEqual(
    contexts.map(ssc => ssc.clock.isManual),
    [false, false, false, true, true],
  );
  assert.equal(contexts[0]?.sc, sc);
  for (const ssc of contexts) await ssc.stop();
});

const badBatches: [value: unknown, code: string][] = [
  [0, "MR_STREAMING_DURATION"],
  [-1000, "MR_STREAMING_DURATION"],
  [new Duration(0), "MR_STREAMING_DURATION"],
  ["-1s", "MR_STREAMING_DURATION"],
  [null, "MR_STREAMING_DURATION"],
  [undefined, "MR_STREAMING_DURATION"],
  [0.5, "MR_BAD_ARGUMENT"],
  [Number.NaN, "MR_BAD_ARGUMENT"],
  ["soon", "MR_CONF_BAD_NUMBER"],
];

for (const [value, code] of badBatches) {
  test(`a batch interval of ${String(value)} is refused at construction`, () => {
    assert.throws(() => new StreamingContext(conf(), value as number), { code });
    assert.throws(() => new StreamingContext("local", "forms", value as number), { code });
  });
}

test("[case 105] states, and what each of them refuses", async () => {
  const { ssc } = manualContext();
  assert.equal(ssc.getState(), "INITIALIZED");
  const stream = batchesStream(ssc, [[1]]);
  stream.print();
  assert.equal(ssc.getState(), "INITIALIZED");
  await Promise.all([ssc.start(), ssc.start()]);
  assert.deepEqual([ssc.getState(), StreamingContext.getActive() === ssc], ["ACTIVE", true]);
  await ssc.start();
  assert.equal(ssc.getState(), "ACTIVE");
  const after = (when: string) => ({
    code: "MR_STREAMING_STATE",
    message: new RegExp(`Adding new inputs, transformations, and output operations after ${when} a context`),
  });
  const declarations = [
    () => ssc.queueStream([[1]]),
    () => stream.map(n => n),
    () => stream.print(),
    () => stream.foreachRDD(() => {}),
    () => ssc.socketTextStream("localhost", 1),
  ];
  for (const declare of declarations) assert.throws(declare, after("starting"));
  await ssc.stop();
  assert.deepEqual([ssc.getState(), StreamingContext.getActive()], ["STOPPED", undefined]);
  for (const declare of declarations) assert.throws(declare, after("stopping"));
  await assert.rejects(ssc.start(), {
    code: "MR_STREAMING_STATE",
    message: /StreamingContext has already been stopped/,
  });
  await ssc.stop();
});

test("a context without outputs has nothing to do, and is stopped", async () => {
  const { ssc } = manualContext();
  batchesStream(ssc, [[1]]);
  await assert.rejects(ssc.start(), {
    code: "MR_STREAMING_NO_OUTPUT",
    message: /No output operations registered/,
  });
  assert.deepEqual([ssc.getState(), StreamingContext.getActive()], ["STOPPED", undefined]);
  await ssc.stop();
});

test("a stop waits for a start that is under way", async () => {
  const { ssc } = manualContext();
  ssc.checkpoint("directory that takes a moment to make");
  batchesStream(ssc, [[1]]).print();
  const starting = ssc.start();
  await ssc.stop();
  await starting;
  assert.deepEqual([ssc.getState(), StreamingContext.getActive()], ["STOPPED", undefined]);
});

test("two contexts may share a SparkContext, one of them runs [case 364]", async () => {
  const { ssc, clock } = manualContext();
  const other = new StreamingContext(ssc.sparkContext, 1000, { clock });
  for (const each of [ssc, other]) batchesStream(each, [[1]]).print();
  await ssc.start();
  await assert.rejects(other.start(), { name: "IllegalStateException", message: /StreamingContext/ });
  assert.equal(StreamingContext.getActive(), ssc);
  await other.stop({ stopSparkContext: false });
  await ssc.stop();
});

test("only one runs in a process", async () => {
  const { ssc } = manualContext();
  const { ssc: other } = manualContext();
  for (const each of [ssc, other]) batchesStream(each, [[1]]).print();
  await ssc.start();
  await assert.rejects(other.start(), {
    code: "MR_STREAMING_STATE",
    message: /Only one StreamingContext may be started in this process.*streaming-context\.test\.ts:\d+/,
  });
  assert.equal(
    StreamingContext.getActiveOrCreate(() => other),
    ssc,
  );
  await ssc.stop();
  await other.start();
  await other.stop();
  assert.equal(
    StreamingContext.getActiveOrCreate(() => other),
    other,
  );
});

test("stopping leaves the SparkContext alone if asked, and a later stop can end it", async () => {
  const sc = new SparkContext(conf());
  const ssc = new StreamingContext(sc, 1000);
  await ssc.stop(false);
  assert.equal(sc.isStopped, false);
  await ssc.stop({ stopSparkContext: false, graceful: true });
  assert.equal(sc.isStopped, false);
  await ssc.stop(true);
  assert.equal(sc.isStopped, true);
});

test("a context may be left by await using", async () => {
  const { ssc } = manualContext();
  {
    await using left = ssc;
    batchesStream(left, [[1]]).print();
    await left.start();
  }
  assert.deepEqual([ssc.getState(), ssc.sc.isStopped], ["STOPPED", true]);
});

test("a stopped SparkContext cannot stream", async () => {
  const { ssc } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.sc.stop();
  await assert.rejects(ssc.start(), { code: "MR_CONTEXT_STOPPED" });
});

test("stopping twice does no harm [case 151]", async () => {
  const { ssc } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.start();
  await ssc.stop(false);
  await ssc.stop(false);
  assert.equal(ssc.sc.isStopped, false);
  await ssc.sc.stop();
});

test("a graceful stop right after the start comes to its end [case 352]", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const ssc = new StreamingContext(conf(), 1000, { platform });
  ssc.socketTextStream("localhost", 9999).print();
  await platform.run(
    ssc.start().then(() => ssc.stop(true, true)),
    30_000,
  );
  assert.equal(ssc.getState(), "STOPPED");
});

test("awaitTermination goes on until another part of the program stops the context [case 356]", async () => {
  const { ssc, platform } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.start();
  await platform.run(ssc.awaitTerminationOrTimeout(500), 1000);
  let hasEnded = false;
  const ended = ssc.awaitTermination().then(() => {
    hasEnded = true;
  });
  await platform.advance(1000);
  assert.equal(hasEnded, false);
  platform.timers.schedule(500, () => void ssc.stop());
  await platform.run(ended, 1000);
});

test("awaitTermination: false on time-out, true or done once stopped [case 154, 360]", async () => {
  const { ssc, platform } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.start();
  const waiting = ssc.awaitTerminationOrTimeout(500);
  await platform.advance(500);
  assert.equal(await waiting, false);
  const ended = ssc.awaitTermination();
  await ssc.stop();
  await ended;
  assert.equal(await ssc.awaitTerminationOrTimeout(1), true);
});

test("awaitTerminationOrTimeout of nothing looks without waiting", async () => {
  const { ssc, platform } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.start();
  assert.equal(await platform.run(ssc.awaitTerminationOrTimeout(0), 0), false);
  await ssc.stop();
  assert.equal(await ssc.awaitTerminationOrTimeout(0), true);
});

test("a wait of ten seconds ends with the stop [case 360]", async () => {
  const { ssc, platform } = manualContext();
  batchesStream(ssc, [[1]]).print();
  await ssc.start();
  platform.timers.schedule(500, () => void ssc.stop());
  assert.equal(await platform.run(ssc.awaitTerminationOrTimeout(10_000), 1000), true);
});

const specialError = (): never => {
  throw new RangeError("This is a special error");
};
const failing: [title: string, declare: (stream: DStream<number>) => DStream<unknown>][] = [
  ["a function of tasks [case 131]", stream => stream.map(specialError)],
  ["a function that makes RDDs [case 132]", stream => stream.transformWith(stream, specialError)],
];
for (const [title, declare] of failing) {
  test(`awaitTerminationOrTimeout throws what ${title} throws`, async () => {
    const { ssc, clock, platform } = manualContext();
    declare(ssc.queueStream([[0], [1], [2], [3]])).print();
    await ssc.start();
    clock.advance(1000);
    const waiting = platform.run(ssc.awaitTerminationOrTimeout(10_000), 10_000);
    await assert.rejects(waiting, /This is a special error/);
    await ssc.stop();
  });
}

test("an error of a job is thrown by every later wait while batches go on", async () => {
  const { ssc, clock } = manualContext();
  const seen: string[] = [];
  batchesStream(ssc, [[1], [2]]).foreachRDD((_, time) => {
    if (time.milliseconds === 1000) throw new RangeError("This is a failed job");
    seen.push(`${time}`);
  });
  await ssc.start();
  for (let i = 0; i < 2; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  const failure = {
    code: "MR_STREAMING_JOB_FAILED",
    message:
      /Error running job streaming job 1000 ms\.0: This is a failed job.*streaming-context\.test\.ts:\d+/,
  };
  await assert.rejects(ssc.awaitTermination(), failure);
  await assert.rejects(ssc.awaitTerminationOrTimeout(10), failure);
  assert.deepEqual([seen, ssc.getState()], [["2000 ms"], "ACTIVE"]);
  await ssc.stop();
  await assert.rejects(ssc.awaitTermination(), failure);
});

test("a failed start ends the context, and whoever waits for it", async () => {
  const { ssc } = manualContext();
  batchesStream(ssc, [[1]])
    .countByWindow(1000)
    .print();
  await assert.rejects(ssc.start(), { code: "MR_STREAMING_CHECKPOINT" });
  assert.deepEqual([ssc.getState(), StreamingContext.getActive()], ["STOPPED", undefined]);
  await assert.rejects(ssc.awaitTermination(), { code: "MR_STREAMING_CHECKPOINT" });
  await ssc.stop();
});

test("a stream that needs a checkpoint directory and has none: nothing is left running [case 343]", async () => {
  const { ssc, platform } = manualContext();
  batchesStream(ssc, [[1]])
    .map(n => [n, 1])
    .updateStateByKey((ones, count = 0) => count + ones.length)
    .foreachRDD(() => assert.fail("no batch may run"));
  await assert.rejects(ssc.start(), { code: "MR_STREAMING_CHECKPOINT" });
  assert.deepEqual([ssc.getState(), StreamingContext.getActive()], ["STOPPED", undefined]);
  await platform.advance(5000);
  await ssc.stop();
});

test("stop is refused inside a listener", async () => {
  const { ssc, clock } = manualContext();
  const refused: unknown[] = [];
  batchesStream(ssc, [[1]]).print();
  ssc.addStreamingListener({
    onBatchCompleted: () => {
      ssc.stop().catch(error => refused.push(error.message));
    },
  });
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.match(String(refused[0]), /Cannot stop StreamingContext within listener bus thread/);
});

test("listeners hear of the start and of every batch until the stop", async () => {
  const { ssc, clock } = manualContext();
  const events: string[] = [];
  ssc.addStreamingListener({
    onStreamingStarted: ({ time }) => events.push(`started ${time}`),
    onBatchCompleted: ({ batchInfo }) => events.push(`completed ${batchInfo.batchTime}`),
  });
  batchesStream(ssc, [[1], null, [3]]).print();
  await ssc.start();
  for (let i = 0; i < 3; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  assert.deepEqual(events, ["started 0", "completed 1000 ms", "completed 3000 ms"]);
});

test("SIGTERM drains and ends the wait", async () => {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 500 });
  const ssc = new StreamingContext(conf(), 1000, { platform });
  const seen: number[] = [];
  ssc.queueStream([[1], [2], [3], [4], [5]]).foreachRDD(async rdd => {
    seen.push(...(await rdd.collect()));
  });
  await platform.run(ssc.start());
  await platform.advance(2000);
  platform.host.raise("SIGTERM");
  await platform.run(ssc.awaitTermination());
  assert.deepEqual([seen, ssc.getState(), ssc.sc.isStopped], [[1, 2, 3, 4], "STOPPED", true]);
});

test("[case 367] an input that nobody uses does no harm, and ids count inputs", async () => {
  const { ssc, clock } = manualContext();
  ssc.queueStream([[1]]);
  const out: number[] = [];
  ssc.queueStream([[2]]).foreachRDD(async rdd => {
    out.push(...(await rdd.collect()));
  });
  assert.deepEqual(
    ssc.graph.inputs.map(input => input.name),
    ["Queue stream [0]", "Queue stream [1]"],
  );
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(out, [2]);
});

test("remember may be called once", async () => {
  const { ssc } = manualContext();
  ssc.remember(Seconds(3));
  assert.throws(() => ssc.remember(Seconds(4)), { message: /Remember duration already set as 3000 ms/ });
  await ssc.stop();
});

const badSockets: [host: unknown, port: unknown][] = [
  ["localhost", 0],
  ["localhost", 65_536],
  ["localhost", -1],
  ["localhost", 80.5],
  ["localhost", Number.NaN],
  ["localhost", "9999"],
  ["", 9999],
  [undefined, 9999],
];

for (const [host, port] of badSockets) {
  test(`a socket at ${String(host)}:${String(port)} is refused when it is declared`, async () => {
    const { ssc } = manualContext();
    assert.throws(() => ssc.socketTextStream(host as string, port as number), { code: "MR_BAD_ARGUMENT" });
    await ssc.stop();
  });
}
