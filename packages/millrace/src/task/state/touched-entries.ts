import { FREE } from "./entry.ts";
import type { UndoLog } from "./undo-log.ts";

/** The entries that some versions of a map changed, each once. */
export class TouchedEntries {
  readonly entries: number[] = [];
  readonly #logs: readonly UndoLog[];
  readonly #isTouched: Uint8Array;

  constructor(logs: readonly UndoLog[], numEntries: number) {
    this.#logs = logs;
    this.#isTouched = new Uint8Array(numEntries);
    for (const { entries } of logs) {
      for (const entry of entries) {
        if (this.has(entry)) continue;
        this.#isTouched[entry] = 1;
        this.entries.push(entry);
      }
    }
  }

  has(entry: number): boolean {
    return this.#isTouched[entry] === 1;
  }

  /** Keys that they held before, and in which entry. */
  *heldBefore(): Generator<readonly [entry: number, key: unknown]> {
    for (const { entries, keys } of this.#logs) {
      for (let i = 0; i < entries.length; i++) if (keys[i] !== FREE) yield [entries[i] as number, keys[i]];
    }
  }
}
