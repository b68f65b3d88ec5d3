import assert from "node:assert/strict";
import { test } from "node:test";
import { sparkText } from "./spark-text.ts";

class Point {
  toString() {
    return "Point(1,2)";
  }
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

const cases: [unknown, string][] = [
  ["word", "word"],
  [1, "1"],
  [0.5, "0.5"],
  [-0, "0"],
  [10n, "10"],
  [true, "true"],
  [null, "null"],
  [undefined, "null"],
  [["word", 1], "(word,1)"],
  [["word", [1, "x"]], "(word,(1,x))"],
  [["word", [1, undefined]], "(word,(1,null))"],
  [[], "()"],
  [{ a: 1, big: 2n }, '{"a":1,"big":"2"}'],
  [Object.create(null), "{}"],
  [cyclic, "[object Object]"],
  [new Point(), "Point(1,2)"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [new Map([["a", 1]]), "Map(a -> 1)"],
  [new Set(["a", 1]), "Set(a, 1)"],
];

for (const [value, text] of cases) {
  test(`${text}`, () => assert.equal(sparkText(value), text));
}
