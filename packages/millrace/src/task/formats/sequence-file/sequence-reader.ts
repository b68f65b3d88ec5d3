import { millraceError } from "../../../common/errors/index.ts";
import type { FileReader, Platform } from "../../../common/platform/platform.ts";
import { CHUNK_RECORDS, type Chunk, type ChunkSource } from "../../chunk.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { readHeader, type SequenceHeader, SYNC_BYTES } from "./header.ts";
import { readVariableInt } from "./variable-int.ts";

/** The records of `path` that begin after the first mark at or after byte `start`, up to the first one after `end`. */
export interface SequenceSplit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

const SYNC_ESCAPE = -1;

/** Records of sequence files as pairs. */
export const sequenceFileReader = {
  mayWait: (): boolean => true,
  open(split: SequenceSplit, platform: Platform): ChunkSource {
    const records = sequenceRecords(split, platform.files.open(split.path));
    return {
      async next(): Promise<Chunk | undefined> {
        const values: unknown[] = [];
        while (values.length < CHUNK_RECORDS) {
          const item = await records.next();
          if (item.done === true) break;
          for (const record of item.value) values.push(record);
        }
        return values.length === 0 ? undefined : { kind: "values", values, from: 0, to: values.length };
      },
      close() {
        void records.return(undefined);
      },
    };
  },
};

/** The records of a split, some at a time. */
async function* sequenceRecords(
  { path, start, end }: SequenceSplit,
  file: FileReader,
): AsyncGenerator<[unknown, unknown][], undefined> {
  const beginning = new ByteCursor(path, file);
  try {
    const header = await readHeader(beginning);
    // Also the first one: it would read on to the next mark.
    if (start >= end) return;
    let cursor = beginning;
    if (start > 0) {
      // The split before reads on until it meets the mark that this one begins with.
      cursor = new ByteCursor(path, file, Math.max(start, beginning.position));
      if (!(await cursor.skipPast(header.sync)) || cursor.position - SYNC_BYTES >= end) return;
    }
    try {
      yield* header.compression === "block"
        ? blocks(cursor, header, end, start > 0)
        : singles(cursor, header, end);
    } catch (cause) {
      if (cause instanceof RangeError || (cause as NodeJS.ErrnoException).code?.startsWith("Z_") === true) {
        throw damaged(path, cause as Error);
      }
      throw cause;
    }
  } finally {
    file.close();
  }
}

async function* singles(
  cursor: ByteCursor,
  header: SequenceHeader,
  end: number,
): AsyncGenerator<[unknown, unknown][], undefined> {
  const batch: [unknown, unknown][] = [];
  while (!cursor.isAtEnd) {
    const length = (await cursor.take(4)).readInt32BE(0);
    if (length === SYNC_ESCAPE) {
      await takeSync(cursor, header);
      // What follows a mark at or past the end is the next split's.
      if (cursor.position - SYNC_BYTES >= end) break;
      continue;
    }
    const keyLength = (await cursor.take(4)).readInt32BE(0);
    if (keyLength < 0 || keyLength > length) throw damaged(cursor.path);
    const key = header.key.read(await cursor.take(keyLength));
    const bytes = await cursor.take(length - keyLength);
    batch.push([key, header.value.read(header.codec?.decompress(bytes) ?? bytes)]);
    if (batch.length === CHUNK_RECORDS) yield batch.splice(0);
  }
  if (batch.length > 0) yield batch;
}

async function* blocks(
  cursor: ByteCursor,
  header: SequenceHeader,
  end: number,
  startsPastMark: boolean,
): AsyncGenerator<[unknown, unknown][], undefined> {
  let isPastMark = startsPastMark;
  while (!cursor.isAtEnd) {
    if (!isPastMark) {
      if ((await cursor.take(4)).readInt32BE(0) !== SYNC_ESCAPE) throw damaged(cursor.path);
      await takeSync(cursor, header);
      if (cursor.position - SYNC_BYTES >= end) return;
    }
    isPastMark = false;
    const count = Number(readVariableInt(await cursor.takeVariableInt(), 0).value);
    const keyLengths = await part(cursor, header);
    const keys = await part(cursor, header);
    const valueLengths = await part(cursor, header);
    const values = await part(cursor, header);
    const records: [unknown, unknown][] = [];
    const at = { keyLength: 0, key: 0, valueLength: 0, value: 0 };
    for (let i = 0; i < count; i++) {
      const keyLength = readVariableInt(keyLengths, at.keyLength);
      const valueLength = readVariableInt(valueLengths, at.valueLength);
      const keyEnd = at.key + Number(keyLength.value);
      const valueEnd = at.value + Number(valueLength.value);
      records.push([
        header.key.read(keys.subarray(at.key, keyEnd)),
        header.value.read(values.subarray(at.value, valueEnd)),
      ]);
      at.keyLength = keyLength.end;
      at.key = keyEnd;
      at.valueLength = valueLength.end;
      at.value = valueEnd;
    }
    yield records;
  }
}

async function part(cursor: ByteCursor, header: SequenceHeader): Promise<Buffer> {
  const length = Number(readVariableInt(await cursor.takeVariableInt(), 0).value);
  if (length < 0) throw damaged(cursor.path);
  const bytes = await cursor.take(length);
  // Without a codec the bytes are the cursor's, which reads on.
  return header.codec?.decompress(bytes) ?? Buffer.from(bytes);
}

async function takeSync(cursor: ByteCursor, header: SequenceHeader): Promise<void> {
  if (!(await cursor.take(SYNC_BYTES)).equals(header.sync)) throw damaged(cursor.path);
}

function damaged(path: string, cause?: Error) {
  return millraceError("MR_IO", `the sequence file ${path} is damaged`, cause === undefined ? {} : { cause });
}
