import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("glom makes an array per partition", async () => {
  const out = await runBatches([[[1, 2, 3, 4], []]], numbers => numbers.glom());
  assert.deepEqual(out, [
    [
      [1, 2],
      [3, 4],
    ],
    [[], []],
  ]);
});
