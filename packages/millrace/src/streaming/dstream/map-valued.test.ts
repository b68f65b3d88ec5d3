import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("mapValues keeps keys and their places", async () => {
  const kept: boolean[] = [];
  const out = await runBatches([[["a", "b", "a"]]], words =>
    words
      .map(word => [word, 1])
      .reduceByKey((a, b) => a + b)
      .mapValues(count => `${count}x`)
      .transform(rdd => {
        kept.push(rdd.partitioner !== undefined);
        return rdd;
      }),
  );
  assert.deepEqual(
    new Map(out[0]),
    new Map([
      ["a", "2x"],
      ["b", "1x"],
    ]),
  );
  assert.deepEqual(kept, [true]);
});
