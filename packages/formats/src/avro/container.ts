import avsc from "avsc";
import type { FileReader } from "millrace";
import { bytesAt } from "../bytes-at.ts";

/*
 * Object container files, as the Avro specification lays them out: a header with the schema and a mark of 16 bytes
 * chosen for the file; then blocks of a count, a length, that many bytes, and the mark.
 */

/** Length of the mark that ends the header and every block. */
export const MARK_BYTES = 16;

const MAGIC = Buffer.from("Obj\u0001", "latin1");
/** Bytes of a header read at first; one with a larger schema is read again. */
const HEADER_BYTES = 1 << 14;
/** Bytes of two numbers at most. */
const BLOCK_START_BYTES = 20;

const headerType = avsc.Type.forSchema({
  type: "record",
  name: "Header",
  fields: [
    { name: "magic", type: { type: "fixed", name: "Magic", size: MAGIC.length } },
    { name: "meta", type: { type: "map", values: "bytes" } },
    { name: "mark", type: { type: "fixed", name: "Mark", size: MARK_BYTES } },
  ],
});

const blockType = avsc.Type.forSchema({
  type: "record",
  name: "Block",
  fields: [
    { name: "count", type: "long" },
    { name: "sizeBytes", type: "long" },
  ],
});

/** What a file's header says. */
export interface AvroHeader {
  /** JSON. */
  readonly schema: string;
  readonly codec: string;
  readonly mark: Buffer;
  /** Where the first block begins. */
  readonly end: number;
}

/** A block without its records. */
interface BlockStart {
  readonly count: number;
  readonly sizeBytes: number;
  /** Where its records begin. */
  readonly position: number;
}

/** The header of a new file; `schema` is JSON. */
export function fileHeader(schema: string, codec: string, mark: Buffer): Buffer {
  const meta = { "avro.schema": Buffer.from(schema), "avro.codec": Buffer.from(codec) };
  return headerType.toBuffer({ magic: MAGIC, meta, mark });
}

/** What stands before the records of a block. */
export function blockStart(count: number, sizeBytes: number): Buffer {
  return blockType.toBuffer({ count, sizeBytes });
}

/** @throws RangeError when the file does not begin as one of Avro's */
export async function readHeader(file: FileReader): Promise<AvroHeader> {
  for (let length = HEADER_BYTES; ; length *= 8) {
    const bytes = await bytesAt(file, 0, length);
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
      throw new RangeError("it does not begin with Avro's mark");
    const { value, offset } = headerType.decode(bytes) as { value: unknown; offset: number };
    if (offset >= 0) {
      const { meta, mark } = value as { meta: Readonly<Record<string, Buffer>>; mark: Buffer };
      const schema = meta["avro.schema"];
      if (schema === undefined) throw new RangeError("it has no schema");
      return {
        schema: schema.toString(),
        codec: meta["avro.codec"]?.toString() ?? "null",
        mark,
        end: offset,
      };
    }
    if (length >= file.sizeBytes) throw new RangeError("its header is cut off");
  }
}

/** @throws RangeError when there is no whole block */
export async function readBlockStart(file: FileReader, at: number): Promise<BlockStart> {
  const { value, offset } = blockType.decode(await bytesAt(file, at, BLOCK_START_BYTES)) as {
    value: { readonly count: number; readonly sizeBytes: number };
    offset: number;
  };
  const position = at + offset;
  if (offset < 0 || value.count < 0 || value.sizeBytes < 0 || position + value.sizeBytes > file.sizeBytes) {
    throw new RangeError(`its block at byte ${at} is cut off`);
  }
  return { count: value.count, sizeBytes: value.sizeBytes, position };
}
