import assert from "node:assert/strict";
import { test } from "node:test";
import { AggregationTable, packedHash } from "./aggregation-table.ts";
import { KnownTexts } from "./known-texts.ts";

test("what is found is the very text of these numbers, or nothing", () => {
  const known = new KnownTexts();
  const count = 300_000;
  for (let i = 0; i < count; i++) known.keep(`text ${i}`, i, i >> 3, ~i);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const text = known.find(i, i >> 3, ~i);
    if (text === undefined) continue;
    assert.equal(text, `text ${i}`);
    found += 1;
  }
  assert.ok(found > 100_000 && found <= 1 << 17, `${found} of ${count}`);
  assert.equal(known.find(count, 0, 0), undefined);
  assert.equal(new KnownTexts().find(0, 0, 0), undefined);
});

test("a table of many texts knows those of tables before", () => {
  /** Adds texts as the generated loop does, and answers how many were known. */
  const fill = (from: number, to: number): number => {
    const table = new AggregationTable(7);
    let numKnown = 0;
    for (let i = from; i < to; i++) {
      const slotOf = () => {
        let slot = (packedHash(7, i, 0, 1) << 2) & table.packedMask;
        while (table.packed[slot + 3] !== 0) slot = (slot + 4) & table.packedMask;
        return slot;
      };
      const text = table.knownText(i, 0, 1);
      if (text !== undefined) numKnown += 1;
      table.insertPacked(text ?? `t${i}`, i, 0, 1, slotOf(), 1);
    }
    assert.deepEqual(
      table.keys,
      Array.from({ length: to - from }, (_, i) => `t${from + i}`),
    );
    return numKnown;
  };
  assert.equal(fill(0, 10_000), 0);
  assert.ok(fill(0, 10_000) > 7_000);
  assert.equal(fill(20_000, 30_000), 0);
});
