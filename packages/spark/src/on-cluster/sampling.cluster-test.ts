import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkContext } from "millrace";
import { clusterContext } from "../fixtures/on-cluster.ts";

const cluster = clusterContext();

/** What the same seed draws is the same on every engine. */
const draws: readonly (readonly [name: string, draw: (sc: SparkContext) => Promise<unknown>])[] = [
  ["sample", sc => sc.range(0, 200, 1, 4).sample(false, 0.2, 7).collect()],
  ["sample with replacement", sc => sc.range(0, 200, 1, 4).sample(true, 0.3, 7).collect()],
  ["takeSample", sc => sc.range(0, 100, 1, 3).takeSample(false, 8, 11)],
  ["takeSample with replacement", sc => sc.range(0, 10, 1, 3).takeSample(true, 20, 11)],
  [
    "randomSplit",
    sc =>
      Promise.all(
        sc
          .range(0, 60, 1, 3)
          .randomSplit([1, 2], 5)
          .map(part => part.collect()),
      ),
  ],
  [
    "sampleByKey",
    sc =>
      sc
        .range(0, 90, 1, 3)
        .map(x => [x % 2, x])
        .sampleByKey(
          false,
          new Map([
            [0, 0.5],
            [1, 0.1],
          ]),
          3,
        )
        .collect(),
  ],
  ["zipWithIndex", sc => sc.parallelize(["a", "b", "c", "d", "e"], 3).zipWithIndex().collect()],
  ["zipWithUniqueId", sc => sc.parallelize(["a", "b", "c", "d", "e"], 3).zipWithUniqueId().collect()],
  [
    "sortBy",
    sc =>
      sc
        .range(0, 50, 1, 4)
        .sortBy(x => (x * 37) % 50)
        .collect(),
  ],
];

for (const [name, draw] of draws) {
  test(`${name} gives what it gives locally`, async () => {
    await using local = new SparkContext("local", "expected");
    assert.deepEqual(await draw(cluster), await draw(local));
  });
}
