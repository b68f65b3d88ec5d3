import type { ChunkSource } from "../chunk.ts";
import { linesChunk } from "./line-cutter.ts";
import { type EncodedValues, valuesReader } from "./values.ts";

/**
 * What a receiver stored: records, or whole lines of UTF-8 text that stay bytes until a task reads them.
 * `count` is the number of lines.
 */
export type StoredBlock =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "lines"; readonly bytes: Uint8Array; readonly count: number };

/** Bytes of a block of lines decoded at a time. */
const SLICE_BYTES = 1 << 16;
const NEWLINE = 0x0a;

export const blockReader = {
  open(block: StoredBlock | EncodedValues): ChunkSource {
    if ("bytes" in block) return linesSource(block.bytes);
    return valuesReader.open(block);
  },
};

function linesSource(stored: Uint8Array): ChunkSource {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  let at = 0;
  return {
    next() {
      if (at >= bytes.length) return undefined;
      const newline = bytes.indexOf(NEWLINE, at + SLICE_BYTES);
      const from = at;
      at = newline < 0 ? bytes.length : newline + 1;
      return linesChunk(bytes.subarray(from, at));
    },
    close() {},
  };
}
