const NONE = -1;

/**
 * Entries in the order of their last update, the longest idle first: a list linked through two columns.
 * Update times only grow, so that moving an entry to the end keeps the order at a constant cost, where a heap
 * would take the logarithm of all keys; and what has timed out is found at the front without a scan.
 */
export class IdleOrder {
  #next = new Int32Array(64);
  #previous = new Int32Array(64);
  #first = NONE;
  #last = NONE;

  /** The entry idle longest, or -1. */
  get first(): number {
    return this.#first;
  }

  /** Puts an entry at the end that is not in the list. */
  append(entry: number): void {
    if (entry >= this.#next.length) this.#grow(entry);
    this.#next[entry] = NONE;
    this.#previous[entry] = this.#last;
    if (this.#last === NONE) this.#first = entry;
    else this.#next[this.#last] = entry;
    this.#last = entry;
  }

  /** Takes an entry out that is in the list. */
  remove(entry: number): void {
    const next = this.#next[entry] as number;
    const previous = this.#previous[entry] as number;
    if (previous === NONE) this.#first = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#last = previous;
    else this.#previous[next] = previous;
  }

  /** Forgets all entries. */
  clear(): void {
    this.#first = NONE;
    this.#last = NONE;
  }

  #grow(entry: number): void {
    const length = Math.max(entry + 1, 2 * this.#next.length);
    const next = new Int32Array(length);
    next.set(this.#next);
    this.#next = next;
    const previous = new Int32Array(length);
    previous.set(this.#previous);
    this.#previous = previous;
  }
}
