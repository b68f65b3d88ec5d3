import type { StoredBlock } from "../../rdd/index.ts";
import { memoryOf } from "./received-block.ts";

/** Bytes waiting to be processed at which receivers stop, however few batches they belong to. */
const hardLimitBytes = 512 * 2 ** 20;
/** Bytes at which they stop when processing lags by `lagBatches` batches with data. */
const lagLimitBytes = 16 * 2 ** 20;
const lagBatches = 4;

/**
 * Decides when receivers must wait: when received data that no batch has processed yet would fill the
 * memory, or when processing has fallen several batches behind. Independent of configuration: a rate limit
 * is the user's wish, this is a safety net.
 */
export class IntakeLimit {
  readonly #batches = new Map<number, number>();
  #unallocatedBytes = 0;
  #totalBytes = 0;

  received(block: StoredBlock): void {
    const bytes = memoryOf(block);
    this.#unallocatedBytes += bytes;
    this.#totalBytes += bytes;
  }

  /** What was received so far goes into the batch at `timeMs`. */
  batchAllocated(timeMs: number): void {
    if (this.#unallocatedBytes === 0) return;
    this.#batches.set(timeMs, this.#unallocatedBytes);
    this.#unallocatedBytes = 0;
  }

  batchCompleted(timeMs: number): void {
    this.#totalBytes -= this.#batches.get(timeMs) ?? 0;
    this.#batches.delete(timeMs);
  }

  get isFull(): boolean {
    return this.#totalBytes > (this.#batches.size >= lagBatches ? lagLimitBytes : hardLimitBytes);
  }
}
