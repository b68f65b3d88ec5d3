import { millraceError } from "../../common/errors/index.ts";
import type { ScratchFile } from "../../common/platform/platform.ts";
import { type ChunkSource, pairsSource, valuesSource } from "../chunk.ts";
import { decodeColumns, encodeColumns } from "../codec/columns.ts";
import type { ClassBook } from "../codec/instances.ts";
import { type BlockCodecName, blockCodec, plainBytes } from "./block-codec.ts";
import { sizeEstimate } from "./size-estimate.ts";
import type { TaskMemory } from "./task-memory.ts";

/** Columns written together, somewhere in a file. */
export interface SpilledPiece {
  readonly position: number;
  readonly sizeBytes: number;
  /** What it was compressed with. */
  readonly codec?: BlockCodecName;
}

/** Bytes of a piece, about: what is decoded at a time when it is read. */
const PIECE_BYTES = 1 << 20;
const MAX_PIECE_RECORDS = 8192;
const MAX_SCRATCH_BYTES = 16 << 20;

let scratch = new Uint8Array(PIECE_BYTES);

/** Memory for a piece until it is written: new memory for each would cost more than the encoding. */
function scratchBytes(sizeBytes: number): Uint8Array {
  if (sizeBytes > MAX_SCRATCH_BYTES) return new Uint8Array(sizeBytes);
  if (scratch.length < sizeBytes) scratch = new Uint8Array(2 * sizeBytes);
  return scratch.subarray(0, sizeBytes);
}

/** A file of records that did not fit into memory, written in pieces. */
export class SpillFile {
  readonly path: string;
  /** What the records in it are instances of. */
  readonly classes: ClassBook = new Map();
  readonly #memory: TaskMemory;
  readonly #file: ScratchFile;
  readonly #codec: BlockCodecName | undefined;

  constructor(memory: TaskMemory, name: string, codec = memory.settings.spillCodec) {
    this.#memory = memory;
    this.#codec = codec;
    const { path, file } = attempt(undefined, () => memory.scratch(name));
    this.path = path;
    this.#file = file;
  }

  /** Writes columns of one length: two for pairs, one for records. @throws MR_SPILL when the disk does not take it */
  write(columns: readonly (readonly unknown[])[]): SpilledPiece[] {
    const [first = []] = columns;
    const pieces: SpilledPiece[] = [];
    const step = recordsPerPiece(columns);
    for (let from = 0; from < first.length; from += step) {
      const plain = encodeColumns(
        columns.map(column => column.slice(from, from + step)),
        { allocate: scratchBytes, classes: this.classes },
      );
      const codec = this.#codec;
      const bytes = codec === undefined ? plain : blockCodec(codec).compress(plain);
      const place = { position: this.#file.sizeBytes, sizeBytes: bytes.length };
      pieces.push(codec === undefined ? place : { ...place, codec });
      attempt(this.path, () => this.#file.append(bytes));
    }
    return pieces;
  }

  /** The records of some pieces, one piece in memory at a time. */
  read(pieces: readonly SpilledPiece[]): ChunkSource {
    return piecesSource(() => this.#file, pieces);
  }

  /** No more is written; the file stays. */
  close(): void {
    this.#file.close();
  }

  remove(): void {
    this.#file.close();
    this.#memory.remove(this.path);
  }
}

/** Pieces of a file that another task has written. */
export function spilledSource(
  memory: TaskMemory,
  path: string,
  pieces: readonly SpilledPiece[],
): ChunkSource {
  let file: ScratchFile | undefined;
  const source = piecesSource(() => {
    file ??= attempt(path, () => memory.open(path));
    return file;
  }, pieces);
  return {
    next: () => source.next(),
    close() {
      file?.close();
      file = undefined;
    },
  };
}

function piecesSource(open: () => ScratchFile, pieces: readonly SpilledPiece[]): ChunkSource {
  let at = 0;
  let current: ChunkSource | undefined;
  return {
    next() {
      for (;;) {
        const chunk = current?.next();
        if (chunk !== undefined) return chunk;
        const piece = pieces[at];
        if (piece === undefined) return undefined;
        at += 1;
        // Memory of its own: typed arrays want it to begin at a multiple of 8.
        const bytes = new Uint8Array(piece.sizeBytes);
        attempt("a spilled file", () => open().read(bytes, piece.position));
        const [first = [], second] = decodeColumns(plainBytes(bytes, piece.codec));
        current = second === undefined ? valuesSource(first) : pairsSource(first, second);
      }
    },
    close() {},
  };
}

function recordsPerPiece(columns: readonly (readonly unknown[])[]): number {
  let bytes = 0;
  for (const column of columns) {
    const middle = column[column.length >> 1];
    bytes += (sizeEstimate(column[0]) + sizeEstimate(middle) + sizeEstimate(column.at(-1))) / 3;
  }
  return Math.min(MAX_PIECE_RECORDS, Math.max(1, Math.floor(PIECE_BYTES / Math.max(1, bytes))));
}

function attempt<R>(path: string | undefined, step: () => R): R {
  try {
    return step();
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === "MR_RECORD_UNSHIPPABLE") throw cause;
    const where = path === undefined ? "" : ` (${path})`;
    throw millraceError(
      "MR_SPILL",
      `data that does not fit into memory cannot be spilled${where}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
