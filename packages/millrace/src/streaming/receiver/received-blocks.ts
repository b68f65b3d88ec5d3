import type { ReceivedBlock } from "./received-block.ts";

const none: readonly ReceivedBlock[] = [];

/** Which received blocks belong to which batch. */
export class ReceivedBlocks {
  #unallocated: ReceivedBlock[] = [];
  readonly #batches = new Map<number, ReadonlyMap<number, readonly ReceivedBlock[]>>();
  #lastAllocatedMs: number | undefined;

  add(block: ReceivedBlock): void {
    this.#unallocated.push(block);
  }

  /** The blocks that belong to no batch yet, in the order of arrival. */
  get unallocated(): readonly ReceivedBlock[] {
    return this.#unallocated;
  }

  get hasUnallocated(): boolean {
    return this.#unallocated.length > 0;
  }

  /**
   * Gives all blocks not given yet to the batch at `timeMs`. A time not later than the last one changes
   * nothing: a batch that runs again keeps its blocks.
   */
  allocateTo(timeMs: number): void {
    if (this.#lastAllocatedMs !== undefined && timeMs <= this.#lastAllocatedMs) return;
    this.#lastAllocatedMs = timeMs;
    if (this.#unallocated.length === 0) return;
    this.#batches.set(
      timeMs,
      Map.groupBy(this.#unallocated, block => block.streamId),
    );
    this.#unallocated = [];
  }

  /** The blocks of one stream in one batch, in the order of arrival. */
  ofBatch(timeMs: number, streamId: number): readonly ReceivedBlock[] {
    return this.#batches.get(timeMs)?.get(streamId) ?? none;
  }

  /** Forgets the batches before `thresholdMs` and answers their blocks. */
  cleanup(thresholdMs: number): readonly ReceivedBlock[] {
    const forgotten: ReceivedBlock[] = [];
    for (const [timeMs, streams] of this.#batches) {
      if (timeMs >= thresholdMs) continue;
      this.#batches.delete(timeMs);
      for (const blocks of streams.values()) forgotten.push(...blocks);
    }
    return forgotten;
  }
}
