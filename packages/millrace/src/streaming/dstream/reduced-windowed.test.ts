import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesStream, manualContext, runBatches } from "../fixtures/run-batches.ts";
import type { DStream } from "./dstream.ts";

type Counts = [string, number][];
const batches: Counts[] = [
  [["a", 1]],
  [
    ["a", 1],
    ["b", 1],
  ],
  [
    ["a", 1],
    ["b", 1],
    ["c", 1],
  ],
  [
    ["a", 1],
    ["b", 1],
  ],
  [["a", 1]],
  [],
  [["a", 1]],
];
const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const asMaps = (out: Counts[]) => out.map(batch => new Map(batch));

test("keys that left stay, with what the inverse makes of them", async () => {
  const out = await runBatches([batches], pairs => pairs.reduceByKeyAndWindow(add, subtract, 2000, 1000));
  assert.deepEqual(asMaps(out), [
    new Map([["a", 1]]),
    new Map([
      ["a", 2],
      ["b", 1],
    ]),
    new Map([
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ]),
    new Map([
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ]),
    new Map([
      ["a", 2],
      ["b", 1],
      ["c", 0],
    ]),
    new Map([
      ["a", 1],
      ["b", 0],
      ["c", 0],
    ]),
    new Map([
      ["a", 1],
      ["b", 0],
      ["c", 0],
    ]),
  ]);
});

for (const form of ["positional", "options"] as const) {
  test(`a filter forgets keys (${form})`, async () => {
    const keep = (pair: [string, number]) => pair[1] !== 0;
    const out = await runBatches([batches], pairs =>
      form === "positional"
        ? pairs.reduceByKeyAndWindow(add, subtract, 2000, 1000, 2, keep)
        : pairs.reduceByKeyAndWindow(add, subtract, 2000, 1000, { numPartitions: 2, filterFunc: keep }),
    );
    assert.deepEqual(asMaps(out).slice(4), [
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
      new Map([["a", 1]]),
      new Map([["a", 1]]),
    ]);
  });
}

test("slides by more than a batch", async () => {
  const out = await runBatches([batches], pairs => pairs.reduceByKeyAndWindow(add, subtract, 4000, 2000), {
    batches: 8,
  });
  assert.deepEqual(asMaps(out), [
    new Map([
      ["a", 2],
      ["b", 1],
    ]),
    new Map([
      ["a", 4],
      ["b", 3],
      ["c", 1],
    ]),
    new Map([
      ["a", 3],
      ["b", 2],
      ["c", 1],
    ]),
    new Map([
      ["a", 2],
      ["b", 0],
      ["c", 0],
    ]),
  ]);
});

test("agrees with the plain window over many batches", async () => {
  const many = Array.from(
    { length: 40 },
    (_, i): Counts =>
      i % 5 === 4
        ? []
        : [
            ["x", i],
            [`k${i % 3}`, 1],
          ],
  );
  const run = (inverse: boolean) =>
    runBatches([many], pairs =>
      inverse
        ? pairs.reduceByKeyAndWindow(add, subtract, 6000, 2000, 3, pair => pair[1] !== 0)
        : pairs.reduceByKeyAndWindow(add, 6000, 2000, 3),
    );
  const plain = (await run(false)).map(batch => new Map(batch.filter(([, count]) => count !== 0)));
  assert.deepEqual(asMaps(await run(true)), plain);
});

test("counts records of a window: silent until the first, 0 afterwards", async () => {
  const out = await runBatches([[[], [1, 2], [3], [], []]], numbers => numbers.countByWindow(2000, 1000));
  assert.deepEqual(out, [[], [2], [3], [1], [0]]);
});

test("counts the values of a window", async () => {
  const out = await runBatches([[["a"], ["a", "b"], [], []]], words => words.countByValueAndWindow(2000));
  assert.deepEqual(asMaps(out), [
    new Map([["a", 1]]),
    new Map([
      ["a", 2],
      ["b", 1],
    ]),
    new Map([
      ["a", 1],
      ["b", 1],
    ]),
    new Map(),
  ]);
});

test("reduceByWindow with an inverse", async () => {
  const out = await runBatches([[[1, 2], [3], [], []]], numbers =>
    numbers.reduceByWindow(add, subtract, 2000, 1000),
  );
  assert.deepEqual(out, [[3], [6], [3], [0]]);
});

test("a key whose filter dropped it too early is an error that says so", async () => {
  const run = runBatches([batches], pairs =>
    pairs.reduceByKeyAndWindow(add, subtract, 2000, 1000, { filterFunc: pair => pair[0] !== "c" }),
  );
  await assert.rejects(run, { message: /Neither previous window has value for key, nor new values found/ });
});

test("needs a checkpoint directory", async () => {
  const { ssc } = manualContext();
  batchesStream(ssc, [[1]])
    .countByWindow(2000)
    .print();
  await assert.rejects(ssc.start(), {
    code: "MR_STREAMING_CHECKPOINT",
    message: /The checkpoint directory has not been set/,
  });
  assert.equal(ssc.getState(), "STOPPED");
  await ssc.stop();
});

test("lineage and what is kept stay bounded, also when outputs look at few partitions", async () => {
  const many = Array.from({ length: 60 }, (_, i): Counts => [[`k${i % 7}`, 1]]);
  let uncut = 0;
  let kept = 0;
  await runBatches([many], pairs => {
    const counts = pairs.reduceByKeyAndWindow(add, subtract, 3000, 1000, 2);
    counts.foreachRDD(rdd => rdd.take(1));
    return pairs.transform(rdd => {
      const remembered = Array.from(counts.node.generatedRDDs.values(), ({ plan }) => plan);
      kept = Math.max(kept, remembered.length);
      uncut = Math.max(
        uncut,
        remembered.filter(plan => plan.op === "localCheckpoint" && plan.parent !== undefined).length,
      );
      return rdd;
    });
  });
  assert.ok(kept > 0 && kept <= 21, `kept ${kept}`);
  assert.ok(uncut <= 20, `uncut ${uncut}`);
});

test("batches that failed are made up for by the next one", async () => {
  const many = Array.from({ length: 30 }, (): Counts => [["a", 1]]);
  const seen: unknown[] = [];
  const conf = { "spark.streaming.failure.policy": "continue" };
  const build = (pairs: DStream<[string, number]>) => {
    const counts = pairs.reduceByKeyAndWindow(add, subtract, 3000, 1000);
    counts.foreachRDD(async (rdd, { milliseconds }) => {
      if (milliseconds > 3000 && milliseconds < 27_000) throw new RangeError("down");
      seen.push([milliseconds, ...(await rdd.collect())]);
    });
    return pairs.filter(() => false);
  };
  await assert.rejects(runBatches([many], build, { conf }), {
    message: /Error running job streaming job 4000 ms.0: down/,
  });
  assert.deepEqual(seen.slice(-2), [
    [29_000, ["a", 3]],
    [30_000, ["a", 3]],
  ]);
});
