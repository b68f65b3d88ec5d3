import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { ChunkSource } from "../chunk.ts";
import { encodeBlock } from "../codec/columns.ts";
import { linesChunk } from "./line-cutter.ts";
import { textFileReader } from "./text-file.ts";
import { type EncodedValues, valuesReader } from "./values.ts";

/**
 * What a receiver stored: records, whole lines of UTF-8 text that stay bytes until a task reads them, records
 * encoded by `encodeRecords`, or a file that holds one of the latter two. `count` is the number of lines.
 */
export type StoredBlock =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "lines"; readonly bytes: Uint8Array; readonly count: number }
  | { readonly kind: "encoded"; readonly bytes: Uint8Array }
  | FileBlock;

/** A block in a file. */
export interface FileBlock {
  readonly kind: "file";
  readonly path: string;
  /** Where it begins; default 0. */
  readonly startBytes?: number;
  readonly sizeBytes: number;
  readonly holds: "lines" | "encoded";
}

/** Bytes of a block of lines decoded at a time. */
const SLICE_BYTES = 1 << 16;
const NEWLINE = 0x0a;

export const blockReader = {
  mayWait: (block: StoredBlock | EncodedValues): boolean => "kind" in block && block.kind === "file",
  open(block: StoredBlock | EncodedValues, platform: Platform): ChunkSource {
    if (!("kind" in block)) return valuesReader.open(block);
    switch (block.kind) {
      case "values":
        return valuesReader.open(block);
      case "lines":
        return linesSource(block.bytes);
      case "encoded":
        return valuesReader.open({ encoded: { kind: "encoded", bytes: block.bytes } });
      case "file":
        return fileSource(block, platform);
    }
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

function fileSource(block: FileBlock, platform: Platform): ChunkSource {
  const { path, startBytes = 0, holds, sizeBytes } = block;
  // A file of lines alone is read piece by piece.
  if (holds === "lines" && startBytes === 0)
    return textFileReader.open({ path, start: 0, end: sizeBytes }, platform);
  let decoded: ChunkSource | undefined;
  const decode = (bytes: Uint8Array): ChunkSource => {
    decoded =
      holds === "lines" ? linesSource(bytes) : valuesReader.open({ encoded: { kind: "encoded", bytes } });
    return decoded;
  };
  return {
    next() {
      if (decoded !== undefined) return decoded.next();
      const bytes = readWhole(platform, path, startBytes, sizeBytes);
      return bytes instanceof Promise ? bytes.then(read => decode(read).next()) : decode(bytes).next();
    },
    close: () => decoded?.close(),
  };
}

function readWhole(
  platform: Platform,
  path: string,
  startBytes: number,
  sizeBytes: number,
): Uint8Array | Promise<Uint8Array> {
  const file = platform.files.open(path);
  const bytes = new Uint8Array(sizeBytes);
  const whole = (read: number): Uint8Array => {
    file.close();
    if (read === sizeBytes) return bytes;
    throw millraceError("MR_IO", `${path} has ${read} bytes where ${sizeBytes} were stored`);
  };
  const read = file.read(bytes, startBytes);
  return typeof read === "number" ? whole(read) : read.then(whole);
}

/**
 * Records as bytes of Millrace's own form, in memory that threads share: what a block of kind `encoded` holds, and
 * what `Receiver.storeBytes` and `rawSocketStream` take.
 *
 * ```ts
 * import { encodeRecords, SparkContext } from "millrace";
 * import assert from "node:assert";
 * const sc = new SparkContext("local", "encoded");
 * const rdd = sc.blocks<[string, number]>([{ kind: "encoded", bytes: encodeRecords([["a", 1], ["b", 2]]) }]);
 * assert.deepEqual(await rdd.collect(), [["a", 1], ["b", 2]]);
 * await sc.stop();
 * ```
 *
 * @throws MR_RECORD_UNSHIPPABLE when a record is, or holds, a function
 */
export function encodeRecords(records: readonly unknown[]): Uint8Array {
  return encodeBlock({ kind: "records", records }).bytes;
}
