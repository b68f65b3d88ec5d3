import assert from "node:assert/strict";
import { test } from "node:test";
import { IntakeLimit } from "./intake-limit.ts";

const lines = (megabytes: number) =>
  ({ kind: "lines", bytes: { length: megabytes * 2 ** 20 } as Uint8Array, count: 1 }) as const;

test("full at 512 MiB, however few the batches", () => {
  const limit = new IntakeLimit();
  limit.received(lines(500));
  assert.equal(limit.isFull, false);
  limit.batchAllocated(1);
  limit.received(lines(13));
  assert.equal(limit.isFull, true);
  limit.batchCompleted(1);
  assert.equal(limit.isFull, false);
});

test("full at 16 MiB when four batches with data wait", () => {
  const limit = new IntakeLimit();
  for (const timeMs of [1, 2, 3, 4]) {
    assert.equal(limit.isFull, false);
    limit.received(lines(5));
    limit.batchAllocated(timeMs);
  }
  assert.equal(limit.isFull, true);
  limit.batchCompleted(1);
  assert.equal(limit.isFull, false);
});

test("small data never fills it", () => {
  const limit = new IntakeLimit();
  for (let timeMs = 1; timeMs <= 100; timeMs++) {
    limit.received({ kind: "values", values: [1, 2, 3] });
    limit.batchAllocated(timeMs);
  }
  assert.equal(limit.isFull, false);
});
