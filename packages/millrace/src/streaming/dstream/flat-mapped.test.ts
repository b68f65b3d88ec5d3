import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("flatMap takes any iterable", async () => {
  const out = await runBatches([[["a b", "c"], [""], []]], lines =>
    lines.flatMap(function* (line) {
      yield* line.split(" ");
    }),
  );
  assert.deepEqual(out, [["a", "b", "c"], [""], []]);
});
