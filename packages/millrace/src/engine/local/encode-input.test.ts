import assert from "node:assert/strict";
import { test } from "node:test";
import { iterate } from "../../task/iterate.ts";
import { type ValuesSplit, valuesReader } from "../../task/readers/values.ts";
import type { TaskInput } from "../../task/spec.ts";
import { encodeInput } from "./encode-input.ts";

/** What a task in another thread reads of values. */
function sent(values: readonly unknown[]): { readonly kind: string; readonly records: unknown[] } {
  const input = encodeInput({ op: "read", reader: { name: "values" }, split: { values } } as TaskInput);
  const { split } = input as TaskInput & { readonly op: "read" };
  const kind = valuesReader.open(split as ValuesSplit).next();
  assert.ok(!(kind instanceof Promise));
  return {
    kind: kind?.kind ?? "nothing",
    records: [...iterate(valuesReader.open(split as ValuesSplit))],
  };
}

const match = /a(b)/.exec("ab");
// biome-ignore lint/suspicious/noSparseArray: what a program may have made
const hole = [, 1];

const tables: readonly (readonly [string, string, readonly unknown[]])[] = [
  ["nothing", "nothing", []],
  ["texts", "texts", ["a", "b"]],
  [
    "pairs",
    "pairs",
    [
      ["a", 1],
      ["b", 2],
    ],
  ],
  [
    "pairs of anything",
    "pairs",
    [
      [{ a: 1 }, undefined],
      [null, [1, 2]],
      [[1], new Date(5)],
    ],
  ],
  [
    "arrays of two and of three",
    "values",
    [
      ["a", 1],
      ["b", 2, 3],
    ],
  ],
  ["a pair and a text", "values", [["a", 1], "b"]],
  ["matches", "values", [match]],
  ["an array with a hole", "values", [hole]],
];

for (const [name, kind, values] of tables) {
  test(`${name} arrive as they were, in ${kind}`, () => {
    assert.deepStrictEqual(sent(values), { kind, records: values });
  });
}
