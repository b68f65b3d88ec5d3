import assert from "node:assert/strict";
import { test } from "node:test";
import { Duration, Time } from "../../common/time/index.ts";
import { matchesTable, recordsMatch } from "./table-equality.ts";

const values: readonly [actual: unknown, expected: unknown, matches: boolean][] = [
  [1, 1, true],
  [1, 2, false],
  [1, "1", false],
  [0.1 + 0.2, 0.3, true],
  [0.31, 0.3, false],
  [9007199254740992, 9007199254740991, false],
  [Number.NaN, "NaN", true],
  [Number.POSITIVE_INFINITY, "Infinity", true],
  [Number.NEGATIVE_INFINITY, "Infinity", false],
  ["NaN", "NaN", true],
  [undefined, null, true],
  [null, null, true],
  [0, null, false],
  [false, null, false],
  [["a", undefined], ["a", null], true],
  [["a"], ["a", null], false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: null }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1], { 0: 1 }, false],
  [{ 0: 1 }, [1], false],
  [new Time(1000), 1000, true],
  [new Duration(1000), 1000, true],
  [[new Time(1), new Time(2)], [1, 2], true],
  [new Map([["a", 1]]), { a: 1 }, true],
  [new Map([["a", 1]]), [["a", 1]], true],
  [new Set([1, 2]), [1, 2], true],
  [new Uint8Array([1, 2]), [1, 2], true],
];

for (const [i, [actual, expected, matches]] of values.entries()) {
  test(`value ${i}: ${JSON.stringify(expected)} is ${matches ? "" : "not "}met`, () => {
    assert.equal(matchesTable(actual, expected), matches);
  });
}

const batches: readonly [string, { build?: string; ordered?: boolean }, unknown[], unknown[], boolean][] = [
  ["order counts", {}, [1, 2], [2, 1], false],
  ["no order", { ordered: false }, [1, 2], [2, 1], true],
  ["a multiset", { ordered: false }, [1, 1, 2], [1, 2, 2], false],
  [
    "no order within groups",
    { ordered: false, build: "s=>s.groupByKey()" },
    [["a", [2, 1]]],
    [["a", [1, 2]]],
    true,
  ],
  [
    "groups are multisets",
    { ordered: false, build: "s=>s.groupByKey()" },
    [["a", [2, 2]]],
    [["a", [1, 2]]],
    false,
  ],
  ["order within groups, if asked", { build: "s=>s.groupByKey()" }, [["a", [2, 1]]], [["a", [1, 2]]], false],
  ["order of other lists", { ordered: false, build: "s=>s.glom()" }, [[2, 1]], [[1, 2]], false],
  [
    "sides of a cogroup",
    { ordered: false, build: "a.cogroup(b)" },
    [[1, [[3, 2], [4]]]],
    [[1, [[2, 3], [4]]]],
    true,
  ],
  [
    "sides do not change",
    { ordered: false, build: "a.cogroup(b)" },
    [[1, [[4], [2]]]],
    [[1, [[2], [4]]]],
    false,
  ],
];

for (const [name, theCase, actual, expected, matches] of batches) {
  test(`batch: ${name}`, () => {
    assert.equal(recordsMatch(actual, expected, theCase), matches);
  });
}
