import type { UndoLog } from "./undo-log.ts";

/** The entries that some versions of a map changed, each once. */
export class TouchedEntries {
  readonly entries: number[] = [];
  /** The keys they held before the first of these versions, by position; `FREE` where there was none. */
  readonly keysBefore: unknown[] = [];
  readonly #isTouched: Uint8Array;

  constructor(logs: readonly UndoLog[], numEntries: number) {
    const { entries: touched, keysBefore } = this;
    const isTouched = new Uint8Array(numEntries);
    this.#isTouched = isTouched;
    for (const { entries, keys } of logs) {
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i] as number;
        if (isTouched[entry] === 1) continue;
        isTouched[entry] = 1;
        touched.push(entry);
        keysBefore.push(keys[i]);
      }
    }
  }

  has(entry: number): boolean {
    return this.#isTouched[entry] === 1;
  }
}
