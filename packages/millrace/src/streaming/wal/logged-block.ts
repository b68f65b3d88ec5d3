import type { FileBlock, StoredBlock } from "../../rdd/index.ts";
import { encodeRecords } from "../../task/readers/block.ts";
import type { NewBlock } from "../receiver/received-block.ts";
import type { RecordedBlock } from "../receiver/recorded-blocks.ts";
import { FRAME_BYTES } from "./read-log-file.ts";
import type { LoggedRecord, LogHandle } from "./write-ahead-log.ts";

/*
 * A block in a log: u32 length of the head (little endian), the head as JSON, the bytes of the block.
 */
type BlockHead = Omit<RecordedBlock, "file"> & Pick<FileBlock, "holds">;

const LENGTH_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A block as a record of a log, and where its bytes begin in it. */
export function encodeLoggedBlock(
  block: NewBlock,
  sequence: number,
): { readonly record: Uint8Array; readonly startBytes: number; readonly holds: FileBlock["holds"] } {
  const { holds, bytes } = bytesOf(block.block);
  const head: BlockHead = {
    id: block.id,
    sequence,
    holds,
    numRecords: block.numRecords ?? null,
    metadata: block.metadata ?? null,
  };
  const text = encoder.encode(JSON.stringify(head));
  const startBytes = LENGTH_BYTES + text.length;
  const record = new Uint8Array(startBytes + bytes.length);
  new DataView(record.buffer).setUint32(0, text.length, true);
  record.set(text, LENGTH_BYTES);
  record.set(bytes, startBytes);
  return { record, startBytes, holds };
}

export function decodeLoggedBlock({ record, handle }: LoggedRecord): RecordedBlock {
  const length = new DataView(record.buffer, record.byteOffset).getUint32(0, true);
  const startBytes = LENGTH_BYTES + length;
  const head = JSON.parse(decoder.decode(record.subarray(LENGTH_BYTES, startBytes))) as BlockHead;
  const { holds, ...recorded } = head;
  return { ...recorded, file: fileBlock(handle, startBytes, holds) };
}

/** The bytes of a block, of whose record they begin at `startBytes`. */
export function fileBlock(handle: LogHandle, startBytes: number, holds: FileBlock["holds"]): FileBlock {
  return {
    kind: "file",
    path: handle.path,
    startBytes: handle.offset + FRAME_BYTES + startBytes,
    sizeBytes: handle.length - startBytes,
    holds,
  };
}

function bytesOf(block: StoredBlock): { readonly holds: FileBlock["holds"]; readonly bytes: Uint8Array } {
  switch (block.kind) {
    case "lines":
      return { holds: "lines", bytes: block.bytes };
    case "encoded":
      return { holds: "encoded", bytes: block.bytes };
    case "values":
      return { holds: "encoded", bytes: encodeRecords(block.values) };
    case "file":
      throw new TypeError("a block that is stored already is not stored again");
  }
}
