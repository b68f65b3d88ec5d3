import assert from "node:assert/strict";
import { test } from "node:test";
import { InputInfoTracker } from "./input-info-tracker.ts";

const info = (inputStreamId: number, numRecords: number) => ({ inputStreamId, numRecords, metadata: {} });

test("keeps what each stream reported for a batch until it is cleaned up", () => {
  const tracker = new InputInfoTracker();
  tracker.report(0, info(0, 100));
  tracker.report(0, info(1, 300));
  tracker.report(1000, info(0, 5));
  const counts = (timeMs: number) =>
    Array.from(tracker.get(timeMs), ([id, { numRecords }]) => [id, numRecords]);
  assert.deepEqual(counts(0), [
    [0, 100],
    [1, 300],
  ]);
  tracker.cleanup(1000);
  assert.deepEqual(counts(0), []);
  assert.deepEqual(counts(1000), [[0, 5]]);
});

test("refuses a second report and a negative number", () => {
  const tracker = new InputInfoTracker();
  tracker.report(0, info(0, 1));
  assert.throws(() => tracker.report(0, info(0, 1)), {
    code: "MR_STREAMING_STATE",
    message: /already added/,
  });
  assert.throws(() => tracker.report(0, info(1, -1)), { code: "MR_BAD_ARGUMENT" });
});
