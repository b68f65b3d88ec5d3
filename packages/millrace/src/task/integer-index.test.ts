import assert from "node:assert/strict";
import { test } from "node:test";
import { IntegerIndex } from "./integer-index.ts";

for (const [name, keyOf] of [
  ["one after the other", (i: number) => i],
  ["negative ones", (i: number) => -i - 1],
  ["multiples of a power of two", (i: number) => (i * 65_536) | 0],
  ["the ends", (i: number) => (i % 2 === 0 ? 2 ** 31 - 1 - i : -(2 ** 31) + i)],
] as const) {
  test(`finds keys again, and no others: ${name}`, () => {
    const index = new IntegerIndex(0x1234567);
    const keys = [...new Set(Array.from({ length: 3000 }, (_, i) => keyOf(i)))];
    keys.forEach((key, i) => {
      assert.equal(index.find(key), -1);
      index.insert(key, i);
    });
    assert.deepEqual(
      keys.map(key => index.find(key)),
      keys.map((_, i) => i),
    );
    assert.equal(index.find(123_456_789), -1);
  });
}
