import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("filter keeps what the function says", async () => {
  const out = await runBatches([[[1, 2, 3], [4], []]], numbers => numbers.filter(n => n % 2 === 1));
  assert.deepEqual(out, [[1, 3], [], []]);
});
