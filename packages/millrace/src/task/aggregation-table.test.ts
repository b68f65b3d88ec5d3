import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalKey } from "../common/keys/index.ts";
import { AggregationTable, detachString } from "./aggregation-table.ts";
import { fusedLoop, type LoopState } from "./fuse/program.ts";

interface TableState extends LoopState {
  readonly table: AggregationTable;
  readonly owned: boolean;
}

const sum = (a: number, b: number) => a + b;

/** Sums the values of each key with the generated loop, in chunks of both kinds. */
function sums(pairs: readonly (readonly [unknown, number])[], seed: number, asColumns: boolean) {
  const state: TableState = { at: -1, table: new AggregationTable(seed), owned: false };
  const loop = fusedLoop<TableState>([], "combine", sum);
  if (asColumns) {
    const keys = pairs.map(pair => pair[0]);
    const values = pairs.map(pair => pair[1]);
    loop({ kind: "pairs", keys, values, from: 0, to: pairs.length }, state);
  } else {
    loop({ kind: "values", values: pairs, from: 0, to: pairs.length }, state);
  }
  return state.table;
}

function modelSums(pairs: readonly (readonly [unknown, number])[]): [unknown, number][] {
  const model = new Map<unknown, [unknown, number]>();
  for (const [key, value] of pairs) {
    const entry = model.get(canonicalKey(key));
    if (entry === undefined) model.set(canonicalKey(key), [key, value]);
    else entry[1] += value;
  }
  return [...model.values()];
}

const keys = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom<unknown>("", "1", "null", "\0s1:a", "true", "x".repeat(40), "\ud800"),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<unknown>(-0, Number.NaN, null, undefined, true, false, 1n, new Date(5)),
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom("a", "b")),
  fc.record({ a: fc.integer({ min: 0, max: 1 }), b: fc.constantFrom("a", "b") }),
);

test("behaves as a map by value, in order of first sight, whatever the keys and the seed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(keys, fc.integer({ max: 100, min: -100 })), { maxLength: 60 }),
      fc.constantFrom(0, 1, -1, 0x9e3779b1 | 0, 0x7fffffff),
      fc.boolean(),
      (pairs, seed, asColumns) => {
        const table = sums(pairs, seed, asColumns);
        assert.deepStrictEqual(
          table.keys.map((key, i) => [key, table.values[i]]),
          modelSums(pairs),
        );
        assert.equal(table.size, table.keys.length);
      },
    ),
    { numRuns: 500 },
  );
});

test("grows past every size, with strings and other keys mixed", () => {
  const pairs: [unknown, number][] = [];
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20_000; i++) pairs.push([i % 3 === 0 ? i : `key number ${i}`, 1]);
  }
  const table = sums(pairs, 7, false);
  assert.equal(table.size, 20_000);
  assert.ok(table.values.every(value => value === 2));
});

test("keys whose hashes are the same are told apart", () => {
  // Entries with one hash for all: every probe runs into the others.
  const table = new AggregationTable(0);
  const names = Array.from({ length: 1500 }, (_, i) => `k${i}`);
  for (const name of names) {
    let slot = 10 & table.mask;
    while (table.slots[slot] !== 0) slot = (slot + 2) & table.mask;
    table.insertHashed(name, 5, slot, name);
  }
  const found = new Set<unknown>();
  for (let slot = 10 & table.mask; table.slots[slot] !== 0; slot = (slot + 2) & table.mask) {
    found.add(table.keys[(table.slots[slot] as number) - 1]);
  }
  assert.deepEqual([...found].sort(), names.sort());
});

test("strings that differ only in length, zero characters or the width of a character", () => {
  const texts = [
    "",
    "\0",
    "\0\0",
    "a",
    "a\0",
    "\0a",
    "aaaa",
    "aaaa\0",
    "aaaaaaaa",
    "aaaaaaaa\0",
    "aaaaaaaaaaa",
  ];
  const wide = ["aaaaaaaaaaaa", "\u0100", "a\u0161", "\u00e1", "\u00ff", "aaaaaaaaaa\u0161"];
  const pairs = [...texts, ...wide].map((text): [string, number] => [text, 1]);
  for (const seed of [0, -1, 12345]) {
    const table = sums([...pairs, ...pairs], seed, true);
    assert.deepEqual(table.keys, [...texts, ...wide]);
    assert.ok(table.values.every(value => value === 2));
  }
});

test("short keys that collide in the few bits of a small table", () => {
  const pairs = Array.from({ length: 65_536 }, (_, i): [string, number] => [String.fromCharCode(i), 1]);
  assert.equal(sums([...pairs, ...pairs], 0, true).size, 65_536);
});

test("a detached string is equal to the original, surrogates and all", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(c => String.fromCharCode(c)) }),
      text => {
        assert.equal(detachString(text), text);
      },
    ),
  );
});

test("the first value of a key is never changed in place, later ones neither", () => {
  const append = (a: number[], b: number[]) => {
    a.push(...b);
    return a;
  };
  const pairs: [unknown, number[]][] = [
    ["a", [1]],
    ["a", [2]],
    [7, [3]],
    [7, [4]],
  ];
  const state: TableState = { at: -1, table: new AggregationTable(0), owned: false };
  fusedLoop<TableState>([], "combine", append)({ kind: "values", values: pairs, from: 0, to: 4 }, state);
  assert.deepEqual(state.table.values, [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(pairs, [
    ["a", [1]],
    ["a", [2]],
    [7, [3]],
    [7, [4]],
  ]);
});
