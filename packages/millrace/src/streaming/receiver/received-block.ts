import type { StorageLevel } from "../../plan/index.ts";
import type { FileBlock, StoredBlock } from "../../rdd/index.ts";

/** What the input of a batch reports about a block, as its receiver gave it. */
export type BlockMetadata = Readonly<Record<string, unknown>>;

/** Where a write-ahead log has a block. */
export interface LoggedPlace {
  /** Counts the blocks of the stream over all runs of the application. */
  readonly sequence: number;
  readonly file: FileBlock;
}

/** The logged blocks of a stream that were given to batches. */
export interface AllocatedBlocks {
  /** Of the newest of them. */
  readonly sequence: number;
  /** Of the newest of them that has some. */
  readonly lastMetadata: BlockMetadata | undefined;
}

/** A block as its receiver hands it over, not stored yet. */
export interface NewBlock {
  /** `input-<streamId>-<number>`, unique over the runs of an application. */
  readonly id: string;
  readonly streamId: number;
  readonly block: StoredBlock;
  /** `undefined` when it cannot be told without decoding. */
  readonly numRecords: number | undefined;
  readonly metadata?: BlockMetadata | undefined;
  readonly storageLevel: StorageLevel;
}

/** A stored block on its way to a batch. Its `block` is what a task reads, wherever that lies now. */
export interface ReceivedBlock extends NewBlock {
  /** Set when a write-ahead log has it, too. */
  readonly logged?: LoggedPlace | undefined;
}

/** What a record that is an object counts: its true size is not known. */
const recordBytes = 100;

/** The memory a block takes, in bytes; an estimate for records that are objects. */
export function memoryOf(block: StoredBlock): number {
  switch (block.kind) {
    case "lines":
    case "encoded":
      return block.bytes.length;
    case "values":
      return block.values.length * recordBytes;
    case "file":
      return 0;
  }
}
