/** 32-bit numbers a record has: version, place, and a time of twice the size. */
const RECORD = 4;

/**
 * What a map knows of each entry beside its key and state, sixteen bytes in a row: when it was last updated, the last
 * version that wrote down what the entry held before, and where in that version's log.
 */
export class EntryFacts {
  readonly #numbers: Int32Array;
  readonly #times: Float64Array;

  /** For so many entries: never updated, never written down. */
  constructor(capacity: number) {
    this.#numbers = new Int32Array(RECORD * capacity);
    this.#times = new Float64Array(this.#numbers.buffer);
  }

  /** In milliseconds. */
  timeOf(entry: number): number {
    return this.#times[2 * entry + 1] as number;
  }

  setTime(entry: number, timeMs: number): void {
    this.#times[2 * entry + 1] = timeMs;
  }

  /** The last version that wrote the entry down; 0 when none did. */
  versionOf(entry: number): number {
    return this.#numbers[RECORD * entry] ?? 0;
  }

  /** Where in the log of that version. */
  placeOf(entry: number): number {
    return this.#numbers[RECORD * entry + 1] as number;
  }

  note(entry: number, version: number, place: number): void {
    this.#numbers[RECORD * entry] = version;
    this.#numbers[RECORD * entry + 1] = place;
  }

  /** The same with room for an entry: itself, or a copy twice as large. */
  upTo(entry: number): EntryFacts {
    const capacity = this.#numbers.length / RECORD;
    if (entry < capacity) return this;
    const larger = new EntryFacts(2 * capacity);
    larger.#numbers.set(this.#numbers);
    return larger;
  }
}
