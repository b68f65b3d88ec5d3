import { countLines } from "../../task/count-lines.ts";

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
    const pieces = this.pieces(bytes);
    const [first, second] = pieces;
    if (first === undefined || second === undefined) return first;
    return { bytes: Buffer.concat([first.bytes, second.bytes]), count: first.count + second.count };
  }

  /**
   * As `push`, in up to two pieces: the line that began in earlier bytes, and the lines after it as they lie in
   * `bytes`, of which nothing is kept.
   */
  pieces(bytes: Uint8Array): readonly Lines[] {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    // Not slice(): that of a Buffer copies nothing.
    const rest = new Uint8Array(bytes.subarray(end));
    if (end === 0) {
      if (rest.length > 0) this.#rest.push(rest);
      return [];
    }
    const begun = this.#rest;
    this.#rest = rest.length === 0 ? [] : [rest];
    const from = begun.length === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const pieces: Lines[] = [];
    if (from > 0) pieces.push({ bytes: Buffer.concat([...begun, bytes.subarray(0, from)]), count: 1 });
    if (from < end) {
      const whole = bytes.subarray(from, end);
      pieces.push({ bytes: whole, count: countLines(whole, 0, whole.length) });
    }
    return pieces;
  }

  /** The last line, when the bytes did not end with a newline. */
  end(): Lines | undefined {
    if (this.#rest.length === 0) return undefined;
    const bytes = Buffer.concat([...this.#rest, Uint8Array.of(NEWLINE)]);
    this.#rest = [];
    return { bytes, count: 1 };
  }
}
