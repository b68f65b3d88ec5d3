import type { AllocatedBlocks, ReceivedBlock } from "./received-block.ts";

const none: readonly ReceivedBlock[] = [];

/** Which received blocks belong to which batch. */
export class ReceivedBlocks {
  #unallocated: ReceivedBlock[] = [];
  readonly #batches = new Map<number, ReadonlyMap<number, readonly ReceivedBlock[]>>();
  readonly #allocated = new Map<number, AllocatedBlocks>();
  #lastAllocatedMs: number | undefined;

  add(block: ReceivedBlock): void {
    this.#unallocated.push(block);
  }

  /** The blocks that belong to no batch yet, in the order of arrival. */
  get unallocated(): readonly ReceivedBlock[] {
    return this.#unallocated;
  }

  /** By stream, what is known of the logged blocks that were given to batches. */
  get allocated(): ReadonlyMap<number, AllocatedBlocks> {
    return this.#allocated;
  }

  /** An earlier run gave these blocks of a stream to the batch at `timeMs`. */
  restore(timeMs: number, streamId: number, blocks: readonly ReceivedBlock[]): void {
    this.#batches.set(timeMs, new Map(this.#batches.get(timeMs)).set(streamId, blocks));
    this.#lastAllocatedMs = Math.max(this.#lastAllocatedMs ?? timeMs, timeMs);
  }

  /** Earlier runs gave these blocks of a stream to batches up to `lastMs`. */
  restoreAllocated(streamId: number, allocated: AllocatedBlocks, lastMs: number): void {
    if (allocated.sequence >= (this.#allocated.get(streamId)?.sequence ?? 0)) {
      this.#allocated.set(streamId, allocated);
    }
    this.#lastAllocatedMs = Math.max(this.#lastAllocatedMs ?? lastMs, lastMs);
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
    for (const { streamId, logged, metadata } of this.#unallocated) {
      if (logged === undefined) continue;
      const lastMetadata = metadata ?? this.#allocated.get(streamId)?.lastMetadata;
      this.#allocated.set(streamId, { sequence: logged.sequence, lastMetadata });
    }
    this.#unallocated = [];
  }

  /** The blocks of one stream in one batch, in the order of arrival. */
  ofBatch(timeMs: number, streamId: number): readonly ReceivedBlock[] {
    return this.#batches.get(timeMs)?.get(streamId) ?? none;
  }

  /** Forgets the batches before `thresholdMs` and answers their blocks. */
  cleanup(thresholdMs: number): readonly ReceivedBlock[] {
    if (this.#batches.size === 0) return none;
    const forgotten: ReceivedBlock[] = [];
    for (const [timeMs, streams] of this.#batches) {
      if (timeMs >= thresholdMs) continue;
      this.#batches.delete(timeMs);
      for (const blocks of streams.values()) forgotten.push(...blocks);
    }
    return forgotten;
  }
}
