import type { UndoLog } from "./undo-log.ts";

/** The entries that some versions of a map changed, each once. */
export class TouchedEntries {
  readonly entries: number[] = [];
  readonly #isTouched: Uint8Array;

  constructor(logs: readonly UndoLog[], numEntries: number) {
    const { entries: touched } = this;
    const isTouched = new Uint8Array(numEntries);
    this.#isTouched = isTouched;
    for (const { entries } of logs) {
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i] as number;
        if (isTouched[entry] === 1) continue;
        isTouched[entry] = 1;
        touched.push(entry);
      }
    }
  }

  has(entry: number): boolean {
    return this.#isTouched[entry] === 1;
  }
}
