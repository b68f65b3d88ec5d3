import assert from "node:assert/strict";
import { test } from "node:test";
import { FREE } from "./entry.ts";
import { EntryTable } from "./entry-table.ts";
import { PackedKey } from "./packed-key.ts";

const packed = (key: unknown): PackedKey => {
  const one = new PackedKey(7, false);
  one.pack(key);
  return one;
};

/** Keys of every kind that records have, each of them different from all others. */
const keys: readonly unknown[] = [
  ...["", "a", "abc", "abcd", "abcde", "a\0", "\0", "\0\0", "ÿ", "1", "null"],
  ...["x".repeat(35), "x".repeat(36), "x".repeat(37), `${"x".repeat(35)}y`, "x".repeat(500)],
  ...[
    "Ā",
    "日本語",
    "日本語 ",
    "日".repeat(17),
    "日".repeat(18),
    "日".repeat(19),
    "😀",
    "\ud83d",
    "aĀ",
    "Āa",
  ],
  ...[0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.5, -0.5, 1e300, Infinity, -Infinity, Number.NaN, 2 ** 53],
  ...[true, false, null, undefined, 1n, 2n ** 70n, new Date(1), [1, "a"], [1, "b"], { a: 1 }, { a: 2 }],
];

test("keys come back as they were, and only a record's own key is its key", () => {
  const table = new EntryTable();
  for (const key of keys) table.setKey(table.append(), packed(key));
  for (const [record, key] of keys.entries()) {
    assert.deepEqual(table.keyAt(record), key);
    assert.equal(table.isFree(record), false);
    for (const [other, otherKey] of keys.entries()) {
      assert.equal(
        table.hasKey(record, packed(otherKey)),
        record === other,
        `${String(key)} ${String(otherKey)}`,
      );
      assert.equal(table.hasKeyOf(record, table, other), record === other);
    }
  }
  assert.ok(table.hasKey(keys.indexOf(0), packed(-0)));
});

test("the hash of a record's key is that of the key", () => {
  const table = new EntryTable();
  const again = new PackedKey(7, false);
  const hashes = new Set<number>();
  for (const key of keys) {
    const record = table.append();
    const one = packed(key);
    table.setKey(record, one);
    table.packKey(record, again);
    assert.deepEqual([again.hash, again.tag, again.length], [one.hash, one.tag, one.length], String(key));
    assert.ok(table.hasKey(record, again));
    hashes.add(one.hash);
  }
  assert.ok(hashes.size > keys.length - 5, `${hashes.size} different hashes of ${keys.length} keys`);
});

test("a state of any kind in the place of one of any other, the key untouched", () => {
  const table = new EntryTable();
  const record = table.append();
  table.setKey(record, packed("key"));
  const states = [
    1,
    -1,
    2 ** 31 - 1,
    2 ** 31,
    -0,
    0,
    0.1,
    Number.NaN,
    undefined,
    null,
    "text",
    { a: 1 },
    [1],
    5n,
  ];
  for (const before of states) {
    for (const after of states) {
      table.setState(record, before);
      table.setState(record, after);
      table.setTime(record, 1e12 + 0.5);
      assert.ok(Object.is(table.stateAt(record), after));
      assert.deepEqual(table.entryAt(record), { key: "key", state: after, timeMs: 1e12 + 0.5 });
    }
  }
});

test("copies have all that a record had, and a vacant record nothing", () => {
  const table = new EntryTable();
  const log = new EntryTable();
  for (const [i, key] of keys.entries()) {
    const record = table.append();
    table.setKey(record, packed(key));
    table.setState(record, i % 2 === 0 ? i : { i });
    table.setTime(record, i);
    table.note(record, i, 2 * i);
    assert.equal(log.appendCopy(table, record), record);
    const before = table.entryAt(record);
    table.vacate(record);
    assert.deepEqual([table.keyAt(record), table.isFree(record)], [FREE, true]);
    assert.deepEqual(log.entryAt(record), before);
    assert.deepEqual([log.versionOf(record), log.placeOf(record)], [i, 2 * i]);
    table.copy(record, log, record);
    assert.deepEqual(table.entryAt(record), before);
  }
  log.clear();
  assert.equal(log.length, 0);
  assert.deepEqual([log.keyAt(log.append()), log.versionOf(0)], [FREE, 0]);
});

test("a table of many pages keeps what it has", () => {
  const table = new EntryTable();
  const count = 140_000;
  const one = new PackedKey(7, false);
  for (let i = 0; i < count; i++) {
    one.pack(`key ${i}`);
    const record = table.append();
    table.setKey(record, one);
    table.setState(record, i);
  }
  assert.equal(table.length, count);
  for (let i = 0; i < count; i += 997) assert.deepEqual([table.keyAt(i), table.stateAt(i)], [`key ${i}`, i]);
});
