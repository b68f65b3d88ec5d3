import { type MillraceError, millraceError } from "../../common/errors/index.ts";
import type { FileReader, FileSystem } from "../../common/platform/platform.ts";
import { encodeFrame, scanFrames } from "../checkpoint/frames.ts";
import type { LoggedRecord, LogHandle } from "./write-ahead-log.ts";

/** Bytes of a file read at a time, unless a record is larger. */
const WINDOW_BYTES = 1 << 20;
/** What a frame adds to its record. */
export const FRAME_BYTES = encodeFrame(new Uint8Array(0)).length;

/**
 * The records of one file of a log, up to a torn end; none when the file is not there (any more).
 * @throws MR_WAL when records are not as they were written
 */
export async function* readLogFile(files: FileSystem, path: string): AsyncGenerator<LoggedRecord> {
  if ((await files.stat(path)) === undefined) return;
  const reader = files.open(path);
  try {
    let windowBytes = WINDOW_BYTES;
    for (let offset = 0; offset < reader.sizeBytes; ) {
      const bytes = await readFully(reader, offset, Math.min(windowBytes, reader.sizeBytes - offset));
      const { payloads, ends, tail } = scanFrames(bytes);
      let start = 0;
      for (const [i, record] of payloads.entries()) {
        yield { handle: { path, offset: offset + start, length: record.length }, record };
        start = ends[i] ?? start;
      }
      const isLast = offset + bytes.length === reader.sizeBytes;
      if (tail === "damaged") throw broken(path, `the record at byte ${offset + start} is damaged`);
      if (isLast) return;
      // Nothing whole in a window: the record is larger than it.
      windowBytes = start === 0 ? windowBytes * 2 : WINDOW_BYTES;
      offset += start;
    }
  } finally {
    reader.close();
  }
}

/** @throws MR_WAL when it is not there, or not as it was written */
export async function readRecord(
  files: FileSystem,
  { path, offset, length }: LogHandle,
): Promise<Uint8Array> {
  if ((await files.stat(path)) === undefined) throw broken(path, "there is no such file");
  const reader = files.open(path);
  try {
    const bytes = await readFully(reader, offset, FRAME_BYTES + length);
    const [record] = scanFrames(bytes).payloads;
    if (record?.length === length) return record;
    throw broken(path, `at byte ${offset} there is no record of ${length} bytes`);
  } finally {
    reader.close();
  }
}

async function readFully(reader: FileReader, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const read = await reader.read(bytes.subarray(at), position + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

function broken(path: string, why: string): MillraceError {
  return millraceError("MR_WAL", `Could not read from the write ahead log ${path}: ${why}`);
}
