import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("mapPartitions sees a whole partition", async () => {
  const out = await runBatches([[["a", "b", "c", "d"], ["e"]]], words =>
    words.mapPartitions(partition => [Array.from(partition).join("")]),
  );
  assert.deepEqual(out, [
    ["ab", "cd"],
    ["", "e"],
  ]);
});

test("the partitioner stays when told so", async () => {
  const partitioned: boolean[] = [];
  await runBatches([[["a"]]], words =>
    words
      .map(word => [word, 1])
      .reduceByKey((a, b) => a + b)
      .mapPartitions(pairs => pairs, true)
      .transform(rdd => {
        partitioned.push(rdd.partitioner !== undefined);
        return rdd;
      }),
  );
  assert.deepEqual(partitioned, [true]);
});
