import assert from "node:assert/strict";
import { test } from "node:test";
import { IntakeLimit } from "./intake-limit.ts";

const MB = 2 ** 20;
const lines = (megabytes: number) =>
  ({ kind: "lines", bytes: { length: megabytes * MB } as Uint8Array, count: 1 }) as const;

/** A batch of 10 MiB that was processed in so many milliseconds. */
function processTen(limit: IntakeLimit, timeMs: number, processingMs: number): void {
  limit.received(lines(10));
  limit.batchAllocated(timeMs);
  limit.processed(timeMs, processingMs);
  limit.batchCompleted(timeMs);
}

const allowed: [what: string, processingMs: readonly number[], megabytes: number][] = [
  ["64 MiB before anything is known", [], 64],
  ["three intervals of work", [500], 60],
  ["the latest batches count most", [500, 250, 250], 105],
  ["never more than the limit", [1], 200],
  ["never less than 16 MiB", [100_000], 16],
];

for (const [what, processingMs, megabytes] of allowed) {
  test(`what may wait: ${what}`, () => {
    const limit = new IntakeLimit(1000, 200 * MB);
    for (const [i, ms] of processingMs.entries()) processTen(limit, i + 1, ms);
    assert.equal(Math.floor(limit.allowedBytes / MB), megabytes);
    limit.received(lines(megabytes));
    assert.equal(limit.isFull, false);
    limit.batchAllocated(1_000);
    limit.received(lines(1));
    assert.equal(limit.isFull, true);
    limit.batchCompleted(1_000);
    assert.equal(limit.isFull, false);
  });
}

test("small data never fills it", () => {
  const limit = new IntakeLimit(1000, 200 * MB);
  for (let timeMs = 1; timeMs <= 100; timeMs++) {
    limit.received({ kind: "values", values: [1, 2, 3] });
    limit.batchAllocated(timeMs);
    limit.processed(timeMs, 10_000);
  }
  assert.equal(limit.isFull, false);
});
