import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("flatMapValues gives each value the key", async () => {
  const out = await runBatches([[["a"], []]], words =>
    words.map(word => [word, 1]).flatMapValues(n => [n, n + 10]),
  );
  assert.deepEqual(out, [
    [
      ["a", 1],
      ["a", 11],
    ],
    [],
  ]);
});
