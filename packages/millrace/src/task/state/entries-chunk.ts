import type { PairsChunk } from "../chunk.ts";
import { KeyColumn } from "./key-column.ts";
import type { StateMap } from "./state-map.ts";

/**
 * The keys and states of a row of a map's entries, as a version has them. They are looked up when the first of them is
 * asked for: whoever counts entries looks at none.
 */
export class EntriesChunk implements PairsChunk {
  readonly kind = "pairs";
  readonly from = 0;
  readonly to: number;
  readonly #map: StateMap;
  readonly #version: number;
  readonly #first: number;
  readonly #end: number;
  #columns: Pick<PairsChunk, "keys" | "values"> | undefined;

  /** Entries `first` to `end - 1`. */
  constructor(map: StateMap, version: number, first: number, end: number) {
    this.#map = map;
    this.#version = version;
    this.#first = first;
    this.#end = end;
    this.to = map.hasGaps || map.isOlder(version) ? this.#count() : end - first;
  }

  get keys(): readonly unknown[] {
    this.#columns ??= this.#read();
    return this.#columns.keys;
  }

  get values(): readonly unknown[] {
    this.#columns ??= this.#read();
    return this.#columns.values;
  }

  #count(): number {
    let count = 0;
    for (let entry = this.#first; entry < this.#end; entry++) {
      const { table, record } = this.#map.heldIn(this.#version, entry);
      if (!table.isFree(record)) count += 1;
    }
    return count;
  }

  #read(): Pick<PairsChunk, "keys" | "values"> {
    const keys = new KeyColumn();
    const values: unknown[] = [];
    for (let entry = this.#first; entry < this.#end; entry++) {
      const { table, record } = this.#map.heldIn(this.#version, entry);
      if (table.isFree(record)) continue;
      keys.add(table, record);
      values.push(table.stateAt(record));
    }
    return { keys: keys.list, values };
  }
}
