import { isAscii } from "node:buffer";
import { type Chunk, EMPTY_CHUNK } from "../chunk.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Turns a stream of UTF-8 bytes into chunks of whole lines. A character or a line cut by the edge of a
 * buffer is put together again. "\r\n" and a lone "\r" end a line like "\n"; bytes that are no UTF-8 become
 * U+FFFD when they are decoded.
 */
export class LineCutter {
  /** The beginning of a line that goes on, in pieces: a very long one is copied once only. */
  #rest: Buffer[] = [];
  #joined = Buffer.alloc(0);
  #atStart: boolean;

  /** `atStart`: the bytes are those of a file from its start, where a byte order mark is no part of the text. */
  constructor(atStart: boolean) {
    this.#atStart = atStart;
  }

  /**
   * Takes the next bytes (which may be overwritten later); answers the lines that are whole by now, to be read
   * before the next call.
   */
  push(bytes: Buffer): Chunk {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      this.#rest.push(Buffer.from(bytes));
      return EMPTY_CHUNK;
    }
    const whole = bytes.subarray(0, end);
    const chunk = this.#rest.length === 0 ? whole : this.#join(whole);
    this.#rest = end === bytes.length ? [] : [Buffer.from(bytes.subarray(end))];
    return this.#lines(chunk);
  }

  /** The last line, when the input does not end with a newline. */
  end(): Chunk {
    const rest = Buffer.concat(this.#rest);
    this.#rest = [];
    return this.#lines(rest);
  }

  /** What was left over, and `whole`, in memory that is used again: a chunk is read before the next one is made. */
  #join(whole: Buffer): Buffer {
    const pieces = [...this.#rest, whole];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (this.#joined.length < length) this.#joined = Buffer.allocUnsafeSlow(2 * length);
    let at = 0;
    for (const piece of pieces) at += piece.copy(this.#joined, at);
    return this.#joined.subarray(0, length);
  }

  // Only whole lines come here, so that a mark is never cut in two.
  #lines(bytes: Buffer): Chunk {
    const isMarked = this.#atStart && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    this.#atStart = false;
    const text = isMarked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
    return text.length === 0 ? EMPTY_CHUNK : linesChunk(text);
  }
}

/** Whole lines as a chunk. Those with "\r" are decoded at once: they are rare enough not to burden the loop. */
export function linesChunk(bytes: Buffer): Chunk {
  if (!bytes.includes(CARRIAGE_RETURN)) {
    return { kind: "lines", bytes, from: 0, to: bytes.length, isAscii: isAscii(bytes) };
  }
  const values = bytes.toString().split(/\r\n|\r|\n/);
  if (values.at(-1) === "") values.pop();
  return { kind: "values", values, from: 0, to: values.length };
}
