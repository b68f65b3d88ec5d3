import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesStream, manualContext, runBatches } from "../fixtures/run-batches.ts";

test("union keeps the order of streams and their partitions", async () => {
  const out = await runBatches(
    [
      [[1], [2]],
      [[10, 20], []],
    ],
    (a, b) => a.union(b).glom(),
  );
  assert.deepEqual(out, [
    [[], [1], [10], [20]],
    [[], [2], [], []],
  ]);
});

test("a parent without RDD loses the batch", async () => {
  await assert.rejects(
    runBatches(
      [
        [[1], null],
        [[2], [3]],
      ],
      (a, b) => a.union(b),
    ),
    {
      code: "MR_STREAMING_GENERATION_FAILED",
      message:
        /Error generating jobs for time 2000 ms: Could not generate RDD from a parent for unifying at time 2000 ms/,
    },
  );
});

test("streams must be of one context, have one slide, and be there at all", async () => {
  const { ssc } = manualContext();
  const { ssc: other } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  assert.throws(() => ssc.union([]), {
    code: "MR_BAD_ARGUMENT",
    message: /List of DStreams to union is empty/,
  });
  assert.throws(() => stream.union(batchesStream(other, [[1]])), {
    code: "MR_BAD_ARGUMENT",
    message: /Some of the DStreams have different contexts/,
  });
  assert.throws(() => stream.union(stream.window(2000, 2000)), {
    code: "MR_STREAMING_DURATION",
    message: /Some of the DStreams have different slide durations/,
  });
  await ssc.stop();
  await other.stop();
});
