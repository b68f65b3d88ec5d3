import { FREE } from "./entry.ts";
import type { UndoLog } from "./undo-log.ts";

/** The entries that some versions of a map changed, each once. */
export class TouchedEntries {
  readonly entries: number[] = [];
  readonly #logs: readonly UndoLog[];
  /** Entry → its position among `entries`, + 1. */
  readonly #positions: Int32Array;

  constructor(logs: readonly UndoLog[], numEntries: number) {
    this.#logs = logs;
    this.#positions = new Int32Array(numEntries);
    for (const { entries } of logs) {
      for (const entry of entries) {
        if (this.#positions[entry] === 0) this.#positions[entry] = this.entries.push(entry);
      }
    }
  }

  has(entry: number): boolean {
    return (this.#positions[entry] ?? 0) > 0;
  }

  /** Keys that the entries from one position to another held before they were touched. */
  *heldBefore(from: number, to: number): Generator<{ readonly entry: number; readonly key: unknown }> {
    for (const { entries, keys } of this.#logs) {
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i] as number;
        const position = (this.#positions[entry] as number) - 1;
        if (keys[i] !== FREE && position >= from && position < to) yield { entry, key: keys[i] };
      }
    }
  }
}
