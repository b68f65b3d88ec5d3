import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("count gives one number per batch, 0 for an empty one", async () => {
  const out = await runBatches([[[1, 2, 3], [], [4]]], numbers => numbers.count());
  assert.deepEqual(out, [[3], [0], [1]]);
});

test("reduce gives one record, none for an empty batch", async () => {
  const out = await runBatches([[[1, 2, 3], [], [4]]], numbers => numbers.reduce((a, b) => a + b));
  assert.deepEqual(out, [[6], [], [4]]);
});

test("countByValue counts each record", async () => {
  const out = await runBatches([[["a", "a", "b"], []]], words => words.countByValue());
  assert.deepEqual(
    out.map(batch => new Map(batch)),
    [
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
      new Map(),
    ],
  );
});

test("a batch without an RDD has none to reduce, but cannot be counted", async () => {
  const sum = await runBatches([[[1], null, [2, 3]]], numbers => numbers.reduce((a, b) => a + b));
  assert.deepEqual(sum, [[1], [5]]);
  await assert.rejects(
    runBatches([[null]], numbers => numbers.count()),
    { message: /Couldn't generate RDD from parent/ },
  );
});
