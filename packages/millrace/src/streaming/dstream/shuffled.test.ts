import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

const words = [["a", "a", "b"], ["", ""], []];

test("reduceByKey, into as many partitions as asked for", async () => {
  const partitions: number[] = [];
  const out = await runBatches([words], stream =>
    stream
      .map(word => [word, 1])
      .reduceByKey((a, b) => a + b, 3)
      .transform(rdd => {
        partitions.push(rdd.getNumPartitions());
        return rdd;
      }),
  );
  assert.deepEqual(
    out.map(batch => new Map(batch)),
    [
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
      new Map([["", 2]]),
      new Map(),
    ],
  );
  assert.deepEqual(partitions, [3, 3, 3]);
});

test("groupByKey keeps the order of values", async () => {
  const out = await runBatches(
    [
      [
        [
          ["a", 1],
          ["b", 2],
          ["a", 3],
        ] as [string, number][],
      ],
    ],
    stream => stream.groupByKey(),
    { partitions: 1 },
  );
  assert.deepEqual(
    new Map(out[0]),
    new Map([
      ["a", [1, 3]],
      ["b", [2]],
    ]),
  );
});

for (const mapSideCombine of [true, false]) {
  test(`combineByKey, combining ${mapSideCombine ? "before" : "only after"} the shuffle`, async () => {
    const out = await runBatches([words], stream =>
      stream
        .map(word => [word, 1])
        .combineByKey(
          value => [value],
          (list, value) => [...list, value],
          (a, b) => [...a, ...b],
          2,
          mapSideCombine,
        ),
    );
    assert.deepEqual(
      new Map(out[0]),
      new Map([
        ["a", [1, 1]],
        ["b", [1]],
      ]),
    );
  });
}
