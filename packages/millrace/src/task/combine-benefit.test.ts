import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "./chunk.ts";
import { CombineBenefit } from "./combine-benefit.ts";

const records = (count: number): Chunk => ({ kind: "range", start: 0, step: 1, from: 0, to: count });
const lines: Chunk = { kind: "lines", bytes: Buffer.alloc(1 << 18), from: 0, to: 1 << 18, isAscii: true };

for (const [title, steps, chunk, keys, expected] of [
  ["as many keys as records", ["map"], records(200_000), 199_000, true],
  ["too few records to tell", ["map"], records(1000), 1000, false],
  ["keys that repeat", [], records(200_000), 150_000, false],
  ["records that come out of others", ["flatMap", "map"], records(200_000), 200_000, false],
  ["lines, of which only the bytes are known", ["map"], lines, 1 << 18, false],
] as const) {
  test(`${title}: combining is ${expected ? "no use" : "worth it"}`, () => {
    const benefit = new CombineBenefit(steps.map(kind => ({ kind, fn: 0 })));
    assert.equal(benefit.isNone(chunk, keys), expected);
  });
}

test("an emptied table is judged anew", () => {
  const benefit = new CombineBenefit([]);
  assert.equal(benefit.isNone(records(100_000), 10), false);
  benefit.reset();
  assert.equal(benefit.isNone(records(100_000), 100_000), false);
  assert.equal(benefit.isNone(records(100_000), 200_000), true);
});
