import type { Aggregator } from "../../plan/index.ts";
import { registerBuiltin } from "./registry.ts";

type Pair = readonly [unknown, unknown];

export const pairKey = registerBuiltin("pairKey", (pair: Pair) => pair[0]);
export const pairValue = registerBuiltin("pairValue", (pair: Pair) => pair[1]);
/** For `distinct`: the record becomes the key. */
export const asKey = registerBuiltin("asKey", (record: unknown) => [record, null]);
export const keepFirst = registerBuiltin("keepFirst", (first: unknown) => first);
export const withOne = registerBuiltin("withOne", (record: unknown) => [record, 1]);
export const one = registerBuiltin("one", () => 1);
export const add = registerBuiltin("add", (a: number, b: number) => a + b);

export const listOf = registerBuiltin("listOf", (value: unknown) => [value]);
export const appendTo = registerBuiltin("appendTo", (list: unknown[], value: unknown) => {
  list.push(value);
  return list;
});
export const concatLists = registerBuiltin("concatLists", (list: unknown[], other: readonly unknown[]) => {
  for (const value of other) list.push(value);
  return list;
});

/** Values of a key into a list; combining before the shuffle would save nothing. */
export const groupValues: Aggregator = {
  create: listOf,
  mergeValue: appendTo,
  mergeCombiners: concatLists,
  mapSideCombine: false,
};

/** For `intersection`: whether a cogroup's key came from both. */
export const isOnBothSides = registerBuiltin(
  "isOnBothSides",
  ([, [left, right]]: readonly [unknown, readonly [readonly unknown[], readonly unknown[]]]) =>
    left.length > 0 && right.length > 0,
);
