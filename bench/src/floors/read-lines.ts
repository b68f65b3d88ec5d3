import { closeSync, openSync, readSync } from "node:fs";

declare global {
  // Node's own method behind `toString("utf8", from, to)`: quicker for short pieces, missing in its types.
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<TArrayBuffer> {
    utf8Slice(from: number, to: number): string;
  }
}

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 10;

/** Reads a file in chunks and calls `chunk(bytes, end)` with whole lines in bytes[0, end). */
export function readChunks(path: string, chunk: (bytes: Buffer, end: number) => void): void {
  const file = openSync(path, "r");
  let bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let kept = 0;
  for (;;) {
    if (kept === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafeSlow(bytes.length)]);
    const read = readSync(file, bytes, kept, bytes.length - kept, null);
    if (read === 0) break;
    const filled = kept + read;
    const end = bytes.lastIndexOf(NEWLINE, filled - 1) + 1;
    chunk(bytes, end);
    bytes.copyWithin(0, end, filled);
    kept = filled - end;
  }
  if (kept > 0) chunk(bytes, kept);
  closeSync(file);
}

/** Calls `line` with each line of a file, decoded one by one: quicker downstream than slices of a decoded chunk. */
export function readLines(path: string, line: (text: string) => void): void {
  readChunks(path, (bytes, end) => {
    for (let from = 0; from < end; ) {
      let to = bytes.indexOf(NEWLINE, from);
      if (to < 0 || to > end) to = end;
      line(bytes.utf8Slice(from, to));
      from = to + 1;
    }
  });
}
