import type { UndoLog } from "./undo-log.ts";

/** The entries that some versions of a map changed, each once, in order: so they are read from one end of memory to the other. */
export class TouchedEntries {
  readonly entries: readonly number[];
  readonly #isTouched: Uint8Array;

  constructor(logs: readonly UndoLog[], numEntries: number) {
    const isTouched = new Uint8Array(numEntries);
    this.#isTouched = isTouched;
    for (const { entries } of logs)
      for (let i = 0; i < entries.length; i++) isTouched[entries[i] as number] = 1;
    const touched: number[] = [];
    for (let entry = 0; entry < numEntries; entry++) if (isTouched[entry] === 1) touched.push(entry);
    this.entries = touched;
  }

  has(entry: number): boolean {
    return this.#isTouched[entry] === 1;
  }
}
