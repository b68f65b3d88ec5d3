import type { StoredBlock } from "../../rdd/index.ts";
import { memoryOf } from "./received-block.ts";

/** So many intervals of work may wait: one is processed, one is received, one is slack. */
const waitingIntervals = 3;
/** Small amounts never make a receiver wait, however slow a batch of them is. */
const alwaysAllowedBytes = 16 * 2 ** 20;
/** Batches smaller than this tell nothing about the speed of processing. */
const telling = 2 ** 20;
/** How much a batch changes what is known about the speed. */
const weightOfLatest = 0.5;

/**
 * Decides when receivers must wait: when more is received than is processed, so that memory stays bounded and
 * batches are not late by ever more. What may wait follows the speed of processing, as far as that is known,
 * up to a fixed limit. Independent of rate limits: these are the user's wish, this is a safety net.
 */
export class IntakeLimit {
  readonly #batchMs: number;
  readonly #maxBytes: number;
  readonly #batches = new Map<number, number>();
  #unallocatedBytes = 0;
  #totalBytes = 0;
  #bytesPerMs: number | undefined;

  /**
   * @param batchMs the batch interval
   * @param maxBytes received bytes that may wait at most, however fast they are processed
   */
  constructor(batchMs: number, maxBytes: number) {
    this.#batchMs = batchMs;
    this.#maxBytes = maxBytes;
  }

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

  /** The jobs of the batch at `timeMs` took so long. */
  processed(timeMs: number, processingMs: number): void {
    const bytes = this.#batches.get(timeMs) ?? 0;
    if (bytes < telling) return;
    const latest = bytes / Math.max(1, processingMs);
    const known = this.#bytesPerMs ?? latest;
    this.#bytesPerMs = known + weightOfLatest * (latest - known);
  }

  batchCompleted(timeMs: number): void {
    this.#totalBytes -= this.#batches.get(timeMs) ?? 0;
    this.#batches.delete(timeMs);
  }

  /** Bytes that may wait now. */
  get allowedBytes(): number {
    if (this.#bytesPerMs === undefined) return Math.min(this.#maxBytes, 4 * alwaysAllowedBytes);
    const intervals = waitingIntervals * this.#batchMs * this.#bytesPerMs;
    return Math.min(this.#maxBytes, Math.max(alwaysAllowedBytes, intervals));
  }

  get isFull(): boolean {
    return this.#totalBytes > this.allowedBytes;
  }
}
