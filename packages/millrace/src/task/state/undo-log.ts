import type { EntryTable } from "./entry-table.ts";

/**
 * What the entries that one version changed held before it: enough to take the version back, and to read the
 * one before it while the map has moved on. Grows with the entries touched, not with the map.
 */
export class UndoLog {
  /** How many keys there were before. */
  readonly sizeBefore: number;
  /** By place. */
  readonly entries: number[] = [];
  /** How often an entry lost its key. */
  numVacated = 0;
  /** What they held, by place, with the version that wrote the entry down the last time, and where in its log. */
  readonly table: EntryTable;

  /** `table` has no records. */
  constructor(sizeBefore: number, table: EntryTable) {
    this.sizeBefore = sizeBefore;
    this.table = table;
  }

  /** Writes an entry of a map's table down; answers its place in the log. */
  note(entry: number, of: EntryTable): number {
    this.entries.push(entry);
    return this.table.appendCopy(of, entry);
  }
}
