import { EntryTable } from "./entry-table.ts";

/** As many as a version's logs are usually let go of at once. */
const MAX_SPARES = 16;
/** A spare table this many times as large as one needs to be is let go of. */
const MAX_WASTE = 8;

/** Tables of logs that are forgotten, for the next ones: so batch after batch goes without new memory. */
export class SpareTables {
  readonly #spares: EntryTable[] = [];

  /** An empty table: the one that waited longest, so that none waits for ever that turned out too large. */
  take(): EntryTable {
    return this.#spares.shift() ?? new EntryTable();
  }

  /** Takes a table back that nobody looks at any more. */
  give(table: EntryTable): void {
    const isWasteful = table.capacity > MAX_WASTE * Math.max(table.length, 64);
    if (isWasteful || this.#spares.length === MAX_SPARES) return;
    table.clear();
    this.#spares.push(table);
  }
}
