import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("map keeps batches, order and partitions; no RDD stays none", async () => {
  const out = await runBatches([[[1, 2, 3], null, [4]]], numbers => numbers.map(n => n * 10).glom());
  assert.deepEqual(out, [
    [[10], [20, 30]],
    [[], [40]],
  ]);
});
