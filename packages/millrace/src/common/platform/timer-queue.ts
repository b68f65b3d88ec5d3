import type { Timer } from "./platform.ts";

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Callbacks by due time, first come first served among equals. */
export class TimerQueue {
  // Sorted, next one last. A program waits for a few dozen things at most, so a heap would not pay, and
  // removing a cancelled entry at once keeps the queue as small as what is really waited for.
  readonly #entries: Entry[] = [];
  #orders = 0;

  /** When the next callback is due. */
  get nextDueMs(): number | undefined {
    return this.#entries.at(-1)?.dueMs;
  }

  add(dueMs: number, callback: () => void): Timer {
    const entry: Entry = { dueMs, order: this.#orders++, callback };
    this.#entries.splice(this.#indexFor(entry), 0, entry);
    return {
      cancel: () => {
        const index = this.#indexFor(entry);
        if (this.#entries[index] === entry) this.#entries.splice(index, 1);
      },
    };
  }

  /** Takes out the next callback due at `nowMs` or before. */
  takeDue(nowMs: number): (() => void) | undefined {
    const next = this.#entries.at(-1);
    if (next === undefined || next.dueMs > nowMs) return undefined;
    this.#entries.pop();
    return next.callback;
  }

  #indexFor(entry: Entry): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other !== undefined && isLater(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLater(a: Entry, b: Entry): boolean {
  return a.dueMs === b.dueMs ? a.order > b.order : a.dueMs > b.dueMs;
}
