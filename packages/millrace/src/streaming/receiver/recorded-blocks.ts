import { StorageLevel } from "../../plan/index.ts";
import type { BlockMetadata, LoggedPlace, ReceivedBlock } from "./received-block.ts";

/** A logged block as plain data: enough to read it in another run. */
export interface RecordedBlock extends LoggedPlace {
  readonly id: string;
  readonly numRecords: number | null;
  readonly metadata: BlockMetadata | null;
}

/** The blocks of one stream in one batch as plain data. */
export interface RecordedBlocks {
  /** The newest block that was given to a batch until then. */
  readonly through: number;
  /** Of the newest block with some that was given to a batch until then. */
  readonly lastMetadata: BlockMetadata | null;
  readonly blocks: readonly RecordedBlock[];
}

/** @throws TypeError when the block was not logged, so that no other run can have it */
export function recordedBlock({ id, numRecords, metadata, logged }: ReceivedBlock): RecordedBlock {
  if (logged === undefined) throw new TypeError(`block ${id} was not logged`);
  return { ...logged, id, numRecords: numRecords ?? null, metadata: metadata ?? null };
}

/** A block of an earlier run: tasks read it from the log. */
export function receivedBlock(streamId: number, recorded: RecordedBlock): ReceivedBlock {
  const { id, sequence, file, numRecords, metadata } = recorded;
  return {
    id,
    streamId,
    block: file,
    numRecords: numRecords ?? undefined,
    metadata: metadata ?? undefined,
    storageLevel: StorageLevel.DISK_ONLY,
    logged: { sequence, file },
  };
}
