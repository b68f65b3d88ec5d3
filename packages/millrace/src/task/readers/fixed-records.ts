import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { CHUNK_RECORDS, type Chunk, type ChunkSource } from "../chunk.ts";

/** Bytes `start` to `end` (exclusive) of a file of records of equal length; `start` is where one begins. */
export interface FixedRecordsSplit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly recordLength: number;
}

/** Bytes read at a time, about. */
const READ_BYTES = 1 << 16;

/** Each record is a `Uint8Array` of its own. */
export const fixedRecordsReader = {
  open({ path, start, end, recordLength }: FixedRecordsSplit, platform: Platform): ChunkSource {
    const file = platform.files.open(path);
    const atATime = Math.min(CHUNK_RECORDS, Math.max(1, Math.floor(READ_BYTES / recordLength)));
    let position = start;
    const take = (buffer: Uint8Array, read: number): Chunk => {
      const whole = read - (read % recordLength);
      if (whole === 0) throw wrongLength(path, read, recordLength);
      position += whole;
      const values: Uint8Array[] = [];
      for (let at = 0; at < whole; at += recordLength) values.push(buffer.subarray(at, at + recordLength));
      return { kind: "values", values, from: 0, to: values.length };
    };
    return {
      next() {
        if (position >= end) return undefined;
        const buffer = new Uint8Array(Math.min(atATime * recordLength, end - position));
        const read = file.read(buffer, position);
        return typeof read === "number" ? take(buffer, read) : read.then(bytes => take(buffer, bytes));
      },
      close: () => file.close(),
    };
  },
};

function wrongLength(path: string, found: number, recordLength: number) {
  return millraceError(
    "MR_RECORD_LENGTH",
    `Byte array does not have correct length. ${found} did not equal recordLength: ${recordLength} (${path})`,
    { hint: `The size of ${path} must be a multiple of the record length.` },
  );
}
