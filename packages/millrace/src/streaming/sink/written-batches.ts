/** `WrittenBatches` as plain data. */
export interface WrittenBatchesData {
  /** Every batch up to this time is done; `null` when none is known to be. */
  readonly doneMs: number | null;
  /** Later batches that were written, too. */
  readonly pending: readonly number[];
}

/**
 * Which batches a sink has written: for sinks of your own that keep this with their results. Batches become
 * done in the order of their times, so it stays small however many there were.
 *
 * ```ts
 * import { WrittenBatches } from "millrace";
 * import assert from "node:assert";
 * const written = new WrittenBatches({ doneMs: 1000, pending: [] });
 * written.add(3000);
 * assert.deepEqual([500, 1000, 2000, 3000].map(timeMs => written.has(timeMs)), [true, true, false, true]);
 * written.done(3000);
 * assert.deepEqual(written.toData(), { doneMs: 3000, pending: [] });
 * ```
 */
export class WrittenBatches {
  #doneMs: number | null;
  readonly #pending: Set<number>;

  /** @param data what `toData` answered; default: no batches */
  constructor({ doneMs, pending }: WrittenBatchesData = { doneMs: null, pending: [] }) {
    this.#doneMs = doneMs;
    this.#pending = new Set(pending);
  }

  /** Whether the batch at `timeMs` was written. */
  has(timeMs: number): boolean {
    return (this.#doneMs !== null && timeMs <= this.#doneMs) || this.#pending.has(timeMs);
  }

  /** The batch at `timeMs` was written, and may yet be run again. */
  add(timeMs: number): void {
    this.#pending.add(timeMs);
  }

  /** The batch at `timeMs` and all before it will not be run again. */
  done(timeMs: number): void {
    this.#doneMs = Math.max(this.#doneMs ?? timeMs, timeMs);
    for (const pendingMs of this.#pending) if (pendingMs <= this.#doneMs) this.#pending.delete(pendingMs);
  }

  /** Plain data to keep. */
  toData(): WrittenBatchesData {
    return { doneMs: this.#doneMs, pending: [...this.#pending] };
  }

  /** The same, and the batch at `timeMs` with them. */
  with(timeMs: number): WrittenBatches {
    const { doneMs, pending } = this.toData();
    return new WrittenBatches({ doneMs, pending: [...pending, timeMs] });
  }
}
