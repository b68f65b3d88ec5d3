import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import { StreamingContext } from "../streaming-context.ts";
import { Receiver } from "./receiver.ts";

function setUp(conf: Readonly<Record<string, string>> = {}) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const settings = {
    "spark.master": "local",
    "spark.app.name": "receivers",
    "spark.log.level": "off",
    ...conf,
  };
  const ssc = new StreamingContext(new SparkConf(settings), 1000, { platform });
  return { platform, ssc };
}

/** Stores what a test gives it. */
class Fed<T> extends Receiver<T> {
  override onStart() {}
  override onStop() {}
}

test("[case 371] a batch for which nothing was received has an RDD of no partitions", async () => {
  const { platform, ssc } = setUp();
  const partitions: number[] = [];
  ssc.receiverStream(new Fed<string>()).foreachRDD(rdd => {
    partitions.push(rdd.getNumPartitions());
  });
  await platform.run(ssc.start());
  await platform.advance(1000);
  await platform.run(ssc.stop());
  assert.deepEqual(partitions, [0]);
});

test("[case 377] many that store at the same time lose nothing", async () => {
  const { platform, ssc } = setUp();
  const receiver = new Fed<number>();
  let counted = 0;
  ssc
    .receiverStream(receiver)
    .count()
    .foreachRDD(async rdd => {
      counted += await rdd.first();
    });
  await platform.run(ssc.start());
  const storing = Array.from({ length: 10 }, async (_, source) => {
    for (let i = 0; i < 1000; i++) {
      await receiver.store(source * 1000 + i);
      if (i % 100 === 0) await platform.timers.sleep(source * 7);
    }
  });
  await platform.run(Promise.all(storing));
  await platform.advance(1000);
  await platform.run(ssc.stop());
  assert.equal(counted, 10_000);
});

test("several receivers make one stream, a partition for each block", async () => {
  const { platform, ssc } = setUp();
  const receivers = [new Fed<string>(), new Fed<string>()];
  const batches: string[][][] = [];
  ssc.union(receivers.map(receiver => ssc.receiverStream(receiver))).foreachRDD(async rdd => {
    batches.push(await rdd.glom().collect());
  });
  await platform.run(ssc.start());
  for (let interval = 0; interval < 2; interval++) {
    for (const [i, receiver] of receivers.entries()) void receiver.store(`${i}.${interval}`);
    await platform.advance(200);
  }
  await platform.advance(600);
  await platform.run(ssc.stop());
  assert.deepEqual(batches, [[["0.0"], ["0.1"], ["1.0"], ["1.1"]]]);
});

test("[case 39] blocks are there as long as their stream remembers them, then their files are removed", async () => {
  const { platform, ssc } = setUp();
  const receiver = new Fed<string>(StorageLevel.DISK_ONLY);
  const rdds: RDD<string>[] = [];
  ssc.receiverStream(receiver).foreachRDD(rdd => {
    rdds.push(rdd);
  });
  await platform.run(ssc.start());
  for (let batch = 0; batch < 6; batch++) {
    void receiver.store(`line ${batch}`);
    await platform.advance(1000);
  }
  const [first, last] = [rdds[0], rdds.at(-1)];
  assert.deepEqual(await platform.run(last?.collect() ?? Promise.resolve([])), ["line 5"]);
  await assert.rejects(platform.run(first?.collect() ?? Promise.resolve([])), {
    code: "MR_PATH_NOT_FOUND",
    message: /input-0-\d+/,
  });
  await platform.run(ssc.stop());
});

/** Stores 100 records at once, again and again, as fast as it may. */
class Eager extends Receiver<number> {
  #running = false;
  override async onStart() {
    this.#running = true;
    while (this.#running) {
      for (let i = 0; i < 100 && this.#running; i++) await this.store(i);
      await this.pause();
    }
  }
  override onStop() {
    this.#running = false;
  }
  /** A turn for the simulated world; set by the test. */
  pause: () => Promise<void> = () => Promise.resolve();
}

test("back-pressure: from the first batch no more than the initial rate, then what is processed in time", async () => {
  const { platform, ssc } = setUp({
    "spark.streaming.backpressure.enabled": "true",
    "spark.streaming.backpressure.initialRate": "2000",
    "spark.streaming.backpressure.pid.minRate": "10",
  });
  const receiver = new Eager();
  receiver.pause = () => platform.timers.sleep(1);
  const counts: number[] = [];
  // 500 records a second are processed.
  ssc.receiverStream(receiver).foreachRDD(async rdd => {
    const count = await rdd.count();
    counts.push(count);
    await platform.timers.sleep(2 * count);
  });
  await platform.run(ssc.start());
  await platform.advance(60_000);
  await platform.run(ssc.stop());
  assert.ok(
    counts.slice(0, 3).every(count => count <= 2100),
    String(counts.slice(0, 3)),
  );
  for (const count of counts.slice(-10)) assert.ok(count <= 550, String(counts));
});

test("[case 456] who knows the receivers: those of the context, none without", async () => {
  const states: number[] = [];
  for (const withReceiver of [true, false]) {
    const { platform, ssc } = setUp();
    const stream = withReceiver
      ? ssc.receiverStream(new Fed<number>())
      : ssc.constantStream(ssc.sc.parallelize([1]));
    let started = 0;
    ssc.addStreamingListener({
      onReceiverStarted: () => {
        started += 1;
      },
    });
    stream.foreachRDD(() => {});
    await platform.run(ssc.start());
    await platform.advance(1000);
    await platform.run(ssc.stop());
    states.push(started);
  }
  assert.deepEqual(states, [1, 0]);
});

test("[case 455] the receiver runs where the driver is", async () => {
  const { platform, ssc } = setUp();
  const places: string[] = [];
  ssc.receiverStream(new Fed<number>()).foreachRDD(() => {});
  ssc.addStreamingListener({
    onReceiverStarted: ({ receiverInfo }) =>
      places.push(`${receiverInfo.location} ${receiverInfo.executorId}`),
  });
  await platform.run(ssc.start());
  await platform.advance(10);
  await platform.run(ssc.stop());
  assert.deepEqual(places, ["simulated driver"]);
});
