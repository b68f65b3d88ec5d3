import assert from "node:assert/strict";
import { test } from "node:test";
import { StorageLevel } from "../../plan/index.ts";
import { batchesStream, manualContext, runBatches } from "../fixtures/run-batches.ts";
import type { DStream } from "./dstream.ts";

const times = (stream: DStream<unknown>) => [...stream.node.generatedRDDs.keys()];

test("windows make their parents remember, and the context all of them [case 37]", async () => {
  const streams: Record<"mapped" | "inner" | "outer", DStream<number>>[] = [];
  const inputs = Array.from({ length: 10 }, (_, i) => [i, i + 1]);
  const out = await runBatches(
    [inputs],
    numbers => {
      const mapped = numbers.map<number>(n => n);
      const inner = mapped.window(2000, 1000);
      const outer = inner.window(4000, 2000);
      streams.push({ mapped, inner, outer });
      return outer;
    },
    {
      prepare: ssc => ssc.remember(3000),
      inspect: () => {
        const { mapped, inner, outer } = streams[0] ?? assert.fail();
        assert.deepEqual(
          [outer, inner, mapped].map(stream => stream.node.rememberMs),
          [3000, 7000, 9000],
        );
        assert.deepEqual(times(outer), [8000, 10_000]);
        assert.deepEqual([times(inner)[0], times(inner).at(-1)], [4000, 10_000]);
        assert.deepEqual([times(mapped)[0], times(mapped).at(-1)], [2000, 10_000]);
      },
    },
  );
  assert.equal(out.length, 5);
});

test("what is persisted is let go when it is forgotten", async () => {
  const levels: StorageLevel[] = [];
  await runBatches([[[1], [2], [3]]], numbers => {
    const kept = numbers.map<number>(n => n).persist(StorageLevel.MEMORY_ONLY);
    const rdds: ReturnType<typeof kept.node.getOrCompute>[] = [];
    return kept.transform((rdd, { milliseconds }) => {
      rdds.push(rdd);
      if (milliseconds === 3000)
        levels.push(...rdds.map(each => each?.getStorageLevel() ?? StorageLevel.NONE));
      return rdd;
    });
  });
  assert.deepEqual(levels, [StorageLevel.NONE, StorageLevel.MEMORY_ONLY, StorageLevel.MEMORY_ONLY]);
});

test("an RDD that the user persisted stays so", async () => {
  const { ssc, clock } = manualContext();
  const shared = ssc.sc.parallelize([1, 2]).cache();
  ssc
    .constantStream(shared)
    .window(1000)
    .foreachRDD(rdd => rdd.count());
  await ssc.start();
  for (let i = 0; i < 3; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  assert.equal(shared.getStorageLevel(), StorageLevel.MEMORY_ONLY);
  await ssc.stop();
});

test("storage levels and checkpoint intervals are set before the start only", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  const window = stream.window(1000);
  assert.equal(stream.node.storageLevel, StorageLevel.MEMORY_ONLY_SER);
  window.persist(StorageLevel.MEMORY_ONLY);
  assert.deepEqual(
    [stream, window].map(({ node }) => node.storageLevel),
    [StorageLevel.MEMORY_ONLY, StorageLevel.NONE],
  );
  window.print();
  await ssc.start();
  assert.throws(() => stream.persist(), { message: /Cannot change storage level of a DStream/ });
  assert.throws(() => stream.checkpoint(1000), { message: /Cannot change storage level of a DStream/ });
  await ssc.stop();
});

const settings: [name: string, prepare: (stream: DStream<number>) => unknown, message: RegExp][] = [
  [
    "an interval below the slide",
    stream => stream.checkpoint(500),
    /500 ms which is lower than its slide time \(1000 ms\)/,
  ],
  [
    "an interval that is no multiple",
    stream => stream.checkpoint(1500),
    /1500 ms which is not a multiple of its slide time \(1000 ms\)/,
  ],
  [
    "no storage level",
    stream => stream.checkpoint(2000).persist(StorageLevel.NONE),
    /storage level has not been set/,
  ],
];

for (const [name, prepare, message] of settings) {
  test(`${name} fails the start`, async () => {
    const { ssc } = manualContext();
    ssc.checkpoint("checkpoints");
    const stream = batchesStream(ssc, [[1]]).map<number>(n => n);
    prepare(stream);
    stream.print();
    await assert.rejects(ssc.start(), { code: "MR_STREAMING_CHECKPOINT", message });
    await ssc.stop();
  });
}

test("a stream with a checkpoint interval remembers twice as long", async () => {
  await runBatches(
    [Array.from({ length: 10 }, () => [1])],
    numbers => numbers.map<number>(n => n).checkpoint(3000),
    {
      inspect: ssc => {
        const node = ssc.graph.outputs[0]?.parent;
        assert.equal(node?.rememberMs, 6000);
        assert.deepEqual([node.generatedRDDs.has(10_000), node.generatedRDDs.has(4000)], [true, false]);
      },
    },
  );
});

test("outputs of different slides fire at multiples of their slide from the zero time, never at it", async () => {
  const { ssc, clock } = manualContext();
  const fired: string[] = [];
  const stream = batchesStream(ssc, [[1], [2], [3], [4]]);
  stream.window(1000, 2000).foreachRDD((_, time) => fired.push(`every 2 at ${time}`));
  stream.window(1000, 3000).foreachRDD((_, time) => fired.push(`every 3 at ${time}`));
  clock.advance(500);
  await ssc.start();
  for (let i = 0; i < 6; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  assert.deepEqual(fired, [
    "every 2 at 2000 ms",
    "every 3 at 3000 ms",
    "every 2 at 4000 ms",
    "every 2 at 6000 ms",
    "every 3 at 6000 ms",
  ]);
});
