import type { Column } from "../codec/columns.ts";
import { ClassOfStates } from "./class-of-states.ts";
import { KeyColumn } from "./key-column.ts";
import type { StateVersion } from "./state-store.ts";

/** Entries of a version as columns. */
export class EntryColumns {
  readonly #exported: StateVersion;
  readonly #keys = new KeyColumn();
  readonly #states: unknown[] = [];
  readonly #class = new ClassOfStates();
  #times = new Float64Array(1 << 8);

  constructor(exported: StateVersion) {
    this.#exported = exported;
  }

  get count(): number {
    return this.#states.length;
  }

  /** Adds an entry, if it holds something. */
  add(entry: number): void {
    const { map, version } = this.#exported;
    const { table, record } = map.heldIn(version, entry);
    if (table.isFree(record)) return;
    this.#keys.add(table, record);
    if (this.count === this.#times.length) this.#grow();
    this.#times[this.count] = table.timeOf(record);
    const state = table.stateAt(record);
    this.#states.push(state);
    this.#class.add(state);
  }

  get keys(): Column {
    return this.#keys.column;
  }

  get states(): Column {
    return this.#states;
  }

  /** The name of a class of the program that states are instances of. */
  get className(): string | undefined {
    return this.#class.name;
  }

  /** Of last updates, in milliseconds. */
  get times(): Column {
    return this.#times.subarray(0, this.count);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#times.length);
    larger.set(this.#times);
    this.#times = larger;
  }
}
