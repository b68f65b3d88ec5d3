import assert from "node:assert/strict";
import { test } from "node:test";
import { FREE } from "./entry.ts";
import { StateMap } from "./state-map.ts";

type Row = readonly [key: unknown, state: unknown, timeMs: number];

const newMap = (ordersByTime = true, keepsKeys = false) => new StateMap({ seed: 7, ordersByTime, keepsKeys });

function put(map: StateMap, key: unknown, state: unknown, timeMs = 0): void {
  const entry = map.find(key);
  if (entry < 0) map.insert(key, state, timeMs);
  else map.update(entry, state, timeMs);
}

function remove(map: StateMap, key: unknown): void {
  const entry = map.find(key);
  if (entry >= 0) map.remove(entry);
}

/** Makes one version; answers its number. */
function change(map: StateMap, changes: (map: StateMap) => void): number {
  map.begin();
  changes(map);
  return map.commit();
}

/** The rows of a version in order of their keys. */
function rows(map: StateMap, version = map.version): Row[] {
  const source = map.isOlder(version) ? map.older(version) : map;
  const found: Row[] = [];
  for (let entry = 0; entry < map.numEntries; entry++) {
    const { key, state, timeMs } = source.entryAt(entry);
    if (key !== FREE) found.push([key, state, timeMs]);
  }
  return found.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

/** The keys idle since before a time, the longest first. */
function idle(map: StateMap, timeMs: number): unknown[] {
  const keys: unknown[] = [];
  map.begin();
  for (let entry = map.idleSince(timeMs); entry >= 0; entry = map.idleSince(timeMs)) {
    keys.push(map.keyAt(entry));
    map.remove(entry);
  }
  map.rollback();
  return keys;
}

test("[case 217] a version keeps what it had while the map moves on", () => {
  const map = newMap();
  const parent = change(map, m => {
    put(m, 1, 100, 1);
    put(m, 2, 200, 2);
    remove(m, 1);
  });
  assert.deepEqual(rows(map), [[2, 200, 2]]);
  assert.deepEqual([idle(map, 10), idle(map, 2)], [[2], []]);
  const child = change(map, m => {
    put(m, 3, 300, 3);
    put(m, 4, 400, 4);
    remove(m, 4);
    remove(m, 2);
    for (const n of [1, 2, 3, 4]) put(m, n, n * 1000, n * 100);
    remove(m, 2);
  });
  const grandchild = change(map, m => put(m, 2, 20000, 200));
  assert.deepEqual(rows(map, parent), [[2, 200, 2]]);
  assert.deepEqual(rows(map, child), [
    [1, 1000, 100],
    [3, 3000, 300],
    [4, 4000, 400],
  ]);
  assert.equal(map.older(child).get(2), undefined);
  assert.equal(map.older(parent).get(2)?.state, 200);
  assert.equal(map.older(parent).size, 1);
  assert.equal(rows(map, grandchild).length, 4);
});

test("[case 215] an empty map has nothing, and nothing to remove", () => {
  const map = newMap();
  assert.deepEqual([map.size, rows(map), map.find(1), idle(map, 10_000)], [0, [], -1, []]);
  assert.throws(() => map.commit(), { code: "MR_INTERNAL" });
});

test("[case 220] every sequence of puts and removes over three versions, in every version", () => {
  const map = newMap(false);
  const models: Map<number, number>[] = [];
  const versions: number[] = [];
  let model = new Map<number, number>();
  for (let set = 0; set < 3; set++) {
    map.begin();
    for (let operation = 0; operation < 3; operation++) {
      const bit = 1 << (set * 3 + operation);
      for (let key = 0; key < 512; key++) {
        const state = set * 10_000 + operation * 1000 + key;
        if ((key & bit) !== 0) {
          put(map, key, state);
          model.set(key, state);
        } else {
          remove(map, key);
          model.delete(key);
        }
      }
      assert.equal(map.size, model.size);
      for (const [key, state] of model) assert.equal(map.stateAt(map.find(key)), state);
    }
    versions.push(map.commit());
    models.push(model);
    model = new Map(model);
  }
  for (const [i, version] of versions.entries()) {
    const found = new Map(rows(map, version).map(([key, state]) => [key, state]));
    assert.deepEqual(found, models[i], `version ${version}`);
  }
});

test("a rollback restores states, times, free entries and the order of time-outs", () => {
  const map = newMap();
  change(map, m => {
    for (let i = 0; i < 100; i++) put(m, `key ${i}`, i, i);
    for (let i = 0; i < 100; i += 3) remove(m, `key ${i}`);
  });
  const before = rows(map);
  const order = idle(map, 50);
  for (let attempt = 0; attempt < 3; attempt++) {
    map.begin();
    for (let i = 0; i < 150; i++) put(map, `key ${i}`, -1, 1000);
    for (let i = 1; i < 100; i += 2) remove(map, `key ${i}`);
    for (let i = 1; i < 100; i += 4) put(map, `key ${i}`, -2, 1000);
    map.rollback();
    assert.deepEqual(rows(map), before);
    assert.deepEqual(idle(map, 50), order);
  }
  change(map, m => put(m, "more", 1, 200));
  assert.equal(map.size, before.length + 1);
});

/** Keys of all types, made anew; `record` is one of them. */
const keysWith = (record: object): unknown[] => [
  ...[1, "1", 1n, true, null, undefined, [1, "a"], record],
  ...[new Date(5), Number.NaN, "\0", ""],
];

for (const keepsKeys of [false, true])
  test(`keys compare by value, and types stay apart, keepsKeys: ${keepsKeys}`, () => {
    const map = newMap(true, keepsKeys);
    const keys = keysWith({ b: 2, a: 1 });
    change(map, m => {
      for (const [i, key] of keys.entries()) put(m, key, i);
    });
    assert.equal(map.size, keys.length);
    for (const [i, key] of keysWith({ a: 1, b: 2 }).entries()) assert.equal(map.stateAt(map.find(key)), i);
    assert.throws(() => map.find(Symbol("no key")), { code: "MR_KEY_UNSUPPORTED" });
  });

test("what only released versions needed is forgotten", () => {
  const map = newMap();
  const versions = Array.from({ length: 50 }, (_, i) => change(map, m => put(m, "key", i)));
  for (const version of versions.slice(0, 48)) map.release(version);
  assert.equal(map.older(49).get("key")?.state, 48);
  assert.equal(map.touchedBetween(48, 50), undefined);
  assert.equal(map.touchedBetween(49, 50)?.length, 1);
  assert.throws(() => map.older(47), { code: "MR_INTERNAL" });
});

test("a copy of an older version goes its own way", () => {
  const map = newMap();
  const first = change(map, m => put(m, "a", 1, 5));
  change(map, m => put(m, "a", 2, 6));
  const copy = map.copyOf(first);
  change(copy, m => put(m, "b", 3, 7));
  assert.deepEqual(rows(copy), [
    ["a", 1, 5],
    ["b", 3, 7],
  ]);
  assert.deepEqual(rows(map), [["a", 2, 6]]);
});

/** One of 3000 keys, of the kinds that records have. */
function keyOf(number: number): unknown {
  switch (number % 6) {
    case 0:
      return number;
    case 1:
      return number + 0.5;
    case 2:
      return `ключ ${number}`;
    case 3:
      return `${"a long key ".repeat(4)}${number}`;
    case 4:
      return [number, "pair"];
    default:
      return `k${number}`;
  }
}

/** A state of one of the kinds that records have. */
function stateOf(number: number): unknown {
  return [number, number / 3, `state ${number}`, { number }][number % 4];
}

for (const keepsKeys of [false, true])
  test(`random changes agree with a plain Map in every retained version, keepsKeys: ${keepsKeys}`, () => {
    let random = 1;
    const next = (below: number) => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      return (random >>> 8) % below;
    };
    const map = newMap(true, keepsKeys);
    let model = new Map<number, unknown>();
    /** What the last versions had; older ones are released, and their logs' memory is used again. */
    let retained: { readonly version: number; readonly model: ReadonlyMap<number, unknown> }[] = [];
    const check = (version: number, expected: ReadonlyMap<number, unknown>) => {
      const found = rows(map, version).map(([key, state]) => [JSON.stringify(key), state]);
      const wanted = [...expected].map(([number, state]) => [JSON.stringify(keyOf(number)), state]);
      assert.deepEqual(new Map(found as [string, unknown][]), new Map(wanted as [string, unknown][]));
    };
    for (let round = 0; round < 120; round++) {
      map.begin();
      const changed = new Map(model);
      for (let i = 0; i < 200; i++) {
        const number = next(3000);
        const key = keyOf(number);
        if (next(3) === 0) {
          remove(map, key);
          changed.delete(number);
        } else {
          const state = stateOf(next(1000));
          put(map, key, state, round);
          changed.set(number, state);
        }
      }
      if (round % 7 === 6) {
        map.rollback();
      } else {
        model = changed;
        retained.push({ version: map.commit(), model });
      }
      assert.equal(map.size, model.size);
      if (round % 10 === 9) {
        for (const { version, model: expected } of retained) check(version, expected);
        for (const { version } of retained.slice(0, -2)) map.release(version);
        retained = retained.slice(-2);
      }
    }
    for (const [number, state] of model) assert.deepEqual(map.stateAt(map.find(keyOf(number))), state);
  });
