import { type Column, stringsOf } from "../codec/columns.ts";
import type { EntryTable } from "./entry-table.ts";
import { TextColumn } from "./text-column.ts";

/** The keys of records as a column: as bytes while all are short texts, which is far quicker than making strings. */
export class KeyColumn {
  readonly #texts = new TextColumn();
  /** All keys, once there is one that is something else. */
  #keys: unknown[] | undefined;

  /** Adds the key of a record that has one. */
  add(table: EntryTable, record: number): void {
    if (this.#keys === undefined) {
      if (table.addText(record, this.#texts)) return;
      this.#keys = stringsOf(this.#texts.texts);
    }
    this.#keys.push(table.keyAt(record));
  }

  /** The keys as they are best encoded. */
  get column(): Column {
    return this.#keys ?? this.#texts.texts;
  }

  /** The keys as a program sees them. */
  get list(): unknown[] {
    return this.#keys ?? stringsOf(this.#texts.texts);
  }
}
