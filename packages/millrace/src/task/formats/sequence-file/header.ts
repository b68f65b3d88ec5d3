import { millraceError } from "../../../common/errors/index.ts";
import type { ByteBuffer } from "../byte-buffer.ts";
import { type CompressionCodec, codecOf } from "../codec.ts";
import type { ByteCursor } from "./byte-cursor.ts";
import { readVariableInt } from "./variable-int.ts";
import { classNameOf, type Writable, writableOf } from "./writables.ts";

const MAGIC = Buffer.from("SEQ", "latin1");
const VERSION = 6;
export const SYNC_BYTES = 16;

/** How the records of a sequence file are compressed. */
export type SequenceCompression = "none" | "record" | "block";

/** What stands at the beginning of a sequence file. */
export interface SequenceHeader {
  readonly key: Writable;
  readonly value: Writable;
  readonly compression: SequenceCompression;
  readonly codec: CompressionCodec | undefined;
  /** Sixteen bytes by which readers find the beginning of a record again. */
  readonly sync: Uint8Array;
}

export function writeHeader(target: ByteBuffer, header: SequenceHeader): void {
  target.bytes(MAGIC);
  target.byte(VERSION);
  target.text(classNameOf(header.key));
  target.text(classNameOf(header.value));
  target.byte(header.compression === "none" ? 0 : 1);
  target.byte(header.compression === "block" ? 1 : 0);
  if (header.codec !== undefined) target.text(header.codec.className);
  // No metadata.
  target.int32(0);
  target.bytes(header.sync);
}

/**
 * Reads the header of a file; the cursor is at the first record then.
 * @throws MR_IO when it is none
 */
export async function readHeader(cursor: ByteCursor): Promise<SequenceHeader> {
  const magic = await cursor.take(4);
  if (!magic.subarray(0, 3).equals(MAGIC)) throw notASequenceFile(cursor.path);
  if (magic[3] !== VERSION) {
    throw millraceError("MR_IO", `${cursor.path} is a sequence file of version ${magic[3]}; 6 can be read`);
  }
  const key = writableOf(await textAt(cursor));
  const value = writableOf(await textAt(cursor));
  const flags = await cursor.take(2);
  const isCompressed = flags[0] !== 0;
  const isBlocked = flags[1] !== 0;
  const codec = isCompressed ? codecOf(await textAt(cursor)) : undefined;
  const metadata = (await cursor.take(4)).readInt32BE(0);
  for (let i = 0; i < 2 * metadata; i++) await textAt(cursor);
  const sync = Uint8Array.from(await cursor.take(SYNC_BYTES));
  const compression = isCompressed ? (isBlocked ? "block" : "record") : "none";
  return { key, value, compression, codec, sync };
}

async function textAt(cursor: ByteCursor): Promise<string> {
  const { value } = readVariableInt(await cursor.takeVariableInt(), 0);
  const length = Number(value);
  if (length < 0 || length > 1 << 20) throw notASequenceFile(cursor.path);
  const bytes = await cursor.take(length);
  return bytes.toString("utf8");
}

function notASequenceFile(path: string) {
  return millraceError("MR_IO", `${path} is no sequence file`);
}
