import assert from "node:assert/strict";
import { test } from "node:test";
import { listsEqual, multisetDifference, multisetsEqual, valuesEqual } from "./values-equal.ts";

const values: readonly [actual: unknown, expected: unknown, equal: boolean][] = [
  [1, 1, true],
  [0, -0, true],
  [Number.NaN, Number.NaN, true],
  [1, "1", false],
  [null, undefined, false],
  [["a", 1], ["a", 1], true],
  [["a", 1], [1, "a"], false],
  [{ a: [1] }, { a: [1] }, true],
  [{ a: undefined }, {}, false],
  [new Map([["a", 1]]), new Map([["a", 1]]), true],
  [new Date(1), new Date(1), true],
];

for (const [actual, expected, equal] of values) {
  test(`${String(actual)} and ${String(expected)} are ${equal ? "equal" : "different"}`, () => {
    assert.equal(valuesEqual(actual, expected), equal);
  });
}

test("lists have an order, multisets have none, both count", () => {
  assert.ok(listsEqual([1, 2, 2], [1, 2, 2], valuesEqual));
  assert.ok(!listsEqual([2, 1, 2], [1, 2, 2], valuesEqual));
  assert.ok(multisetsEqual([2, 1, 2], [1, 2, 2], valuesEqual));
  assert.ok(!multisetsEqual([1, 1, 2], [1, 2, 2], valuesEqual));
  assert.ok(!multisetsEqual([1, 2], [1, 2, 2], valuesEqual));
});

test("a difference names what is missing and what is too much, each as often as it is", () => {
  assert.deepEqual(multisetDifference([1, 1, 3], [1, 2, 2], valuesEqual), {
    missing: [2, 2],
    unexpected: [1, 3],
  });
});
