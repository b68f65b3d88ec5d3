import type { FileReader, InputFormat, InputFormatRef, InputSplit } from "millrace";
import { bytesAt } from "../bytes-at.ts";
import { unreadable } from "../unreadable.ts";
import { avroCodec } from "./codecs.ts";
import { type AvroHeader, MARK_BYTES, readBlockStart, readHeader } from "./container.ts";
import { AvroRecordType } from "./record-type.ts";

/** What `AvroInputFormat` takes. */
export interface AvroInputOptions {
  /** The schema that records are wanted in; default: the one they were written in. */
  readonly schema?: object | string;
}

/**
 * Records of Avro object container files, for `newAPIHadoopFile`. Files are cut at their blocks, so that several tasks
 * read a large one. A `long` comes as a number, or as a `bigint` where a number would not be exact; codecs are
 * deflate, snappy and zstandard.
 *
 * Options: `AvroInputOptions`. A damaged file fails the task with MR_IO.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { AvroInputFormat, AvroOutputFormat } from "@millrace/formats";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "avro");
 * const folder = mkdtempSync(`${tmpdir()}/avro-`);
 * await sc.range(0, 5).saveAsNewAPIHadoopFile(`${folder}/numbers`, AvroOutputFormat, { schema: "long" });
 * const numbers = sc.newAPIHadoopFile<number>(`${folder}/numbers`, AvroInputFormat);
 * assert.equal(await numbers.reduce((a, b) => a + b), 10);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const AvroInputFormat: InputFormatRef = {
  module: import.meta.url,
  export: "avroInput",
};

/** The format itself, found by tasks. */
export const avroInput: InputFormat = { options: ["schema"], read: recordGroups };

/** Bytes looked through at a time for a mark. */
const SEARCH_BYTES = 1 << 16;

/** The records of the blocks that follow a mark within the split; the first block belongs to the split from 0. */
async function* recordGroups(
  file: FileReader,
  { path, start, end, options }: InputSplit,
): AsyncGenerator<readonly unknown[], undefined> {
  const wanted = options["schema"] === undefined ? undefined : AvroRecordType.of(options["schema"]);
  try {
    const header = await readHeader(file);
    const codec = avroCodec(header.codec);
    const decode = AvroRecordType.of(header.schema).decoder(wanted);
    const first = start === 0 ? header.end : await blockAfter(file, header, start);
    if (first === undefined) return;
    let mark = start === 0 ? 0 : first - MARK_BYTES;
    for (let at = first; at < file.sizeBytes && mark < end; ) {
      const block = await readBlockStart(file, at);
      const bytes = await bytesAt(file, block.position, block.sizeBytes + MARK_BYTES);
      if (!header.mark.equals(bytes.subarray(block.sizeBytes))) {
        throw new RangeError(`its block at byte ${at} does not end where it should`);
      }
      yield decode(codec.decompress(bytes.subarray(0, block.sizeBytes)), block.count);
      mark = block.position + block.sizeBytes;
      at = mark + MARK_BYTES;
    }
  } catch (error) {
    throw unreadable(path, "Avro", error);
  }
}

/** Where the block begins that follows the first mark from `from` on, behind the header. */
async function blockAfter(
  file: FileReader,
  { mark, end }: AvroHeader,
  from: number,
): Promise<number | undefined> {
  // A mark may lie across two pieces.
  const step = SEARCH_BYTES - MARK_BYTES;
  for (let at = Math.max(from, end); at < file.sizeBytes; at += step) {
    const found = (await bytesAt(file, at, SEARCH_BYTES)).indexOf(mark);
    if (found >= 0) return at + found + MARK_BYTES;
  }
  return undefined;
}
