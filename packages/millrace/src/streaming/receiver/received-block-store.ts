import type { AllocatedBlocks, BlockMetadata, NewBlock, ReceivedBlock } from "./received-block.ts";

/**
 * Keeps what receivers store until the batches that read it are forgotten. The seam between receivers and
 * safety: one keeps blocks in memory and on disk as their storage level says, another logs them first.
 */
export interface ReceivedBlockStore {
  /**
   * Called before anything is stored. `allocated` has, by stream, what earlier runs gave to batches;
   * answers the later blocks they stored, which belong to batches to come.
   */
  open?(
    streamIds: readonly number[],
    allocated: ReadonlyMap<number, AllocatedBlocks>,
  ): Promise<readonly ReceivedBlock[]>;
  /** What the last block of a stream that is safe was stored with, also by an earlier run. */
  lastMetadata?(streamId: number): BlockMetadata | undefined;
  /**
   * Stores a block. When the answer is there the block is as safe as this store makes it, and its source may
   * be told so; an answer that is no promise keeps intake synchronous.
   * @throws MR_RECEIVER_STORE, also as a rejection, when it cannot be stored
   */
  store(block: NewBlock): ReceivedBlock | Promise<ReceivedBlock>;
  /** The batches before `thresholdMs` are not read again, and these are their blocks. */
  forget(thresholdMs: number, blocks: readonly ReceivedBlock[]): void;
  /** Releases files and memory; nothing is stored any more. */
  close(): Promise<void>;
}
