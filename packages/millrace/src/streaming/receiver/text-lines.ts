const NEWLINE = 0x0a;

/** Whole lines of UTF-8, each ended by a newline. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/**
 * Cuts a stream of bytes after its newlines, never inside a line, and so never inside a character. Nothing
 * is decoded here.
 *
 * ```ts
 * import { TextLines } from "millrace";
 * import assert from "node:assert";
 * const lines = new TextLines();
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * assert.equal(lines.push(bytes("to be\nor n"))?.count, 1);
 * assert.equal(lines.push(bytes("ot\nto"))?.count, 1);
 * assert.equal(lines.end()?.count, 1);
 * ```
 */
export class TextLines {
  /** The beginning of a line whose end has not come yet. */
  #rest: Uint8Array[] = [];

  /** Takes the next bytes; answers the lines they complete. */
  push(bytes: Uint8Array): Lines | undefined {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      if (bytes.length > 0) this.#rest.push(bytes);
      return undefined;
    }
    const whole = bytes.subarray(0, end);
    const lines = this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole]);
    this.#rest = end === bytes.length ? [] : [bytes.subarray(end)];
    return { bytes: lines, count: countLines(lines) };
  }

  /** The last line, when the bytes did not end with a newline. */
  end(): Lines | undefined {
    if (this.#rest.length === 0) return undefined;
    const bytes = Buffer.concat([...this.#rest, Uint8Array.of(NEWLINE)]);
    this.#rest = [];
    return { bytes, count: 1 };
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
