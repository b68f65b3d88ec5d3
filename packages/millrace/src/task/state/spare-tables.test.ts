import assert from "node:assert/strict";
import { test } from "node:test";
import { EntryTable } from "./entry-table.ts";
import { SpareTables } from "./spare-tables.ts";

function filled(table: EntryTable, records: number): EntryTable {
  for (let i = 0; i < records; i++) table.append();
  return table;
}

test("a table comes back empty, with its memory", () => {
  const spares = new SpareTables();
  const table = filled(spares.take(), 1000);
  const { capacity } = table;
  spares.give(table);
  assert.equal(spares.take(), table);
  assert.deepEqual([table.length, table.capacity], [0, capacity]);
});

test("one that is far too large is let go of once it has been used again", () => {
  const spares = new SpareTables();
  const large = filled(new EntryTable(), 10_000);
  spares.give(large);
  for (let i = 0; i < 3; i++) spares.give(filled(new EntryTable(), 10));
  const taken = new Set<EntryTable>();
  for (let batch = 0; batch < 20; batch++) {
    const table = spares.take();
    taken.add(table);
    spares.give(filled(table, 10));
  }
  assert.ok(taken.has(large));
  assert.equal(taken.size, 4);
  for (let i = 0; i < 20; i++) assert.notEqual(spares.take(), large);
});

test("no more than a few are kept", () => {
  const spares = new SpareTables();
  const tables = new Set(Array.from({ length: 100 }, () => filled(new EntryTable(), 10)));
  for (const table of tables) spares.give(table);
  let again = 0;
  for (let i = 0; i < 100; i++) if (tables.has(spares.take())) again += 1;
  assert.equal(again, 16);
});
