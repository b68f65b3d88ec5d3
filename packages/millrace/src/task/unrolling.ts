import { type Chunk, type ChunkSource, concatSource, valuesSource } from "./chunk.ts";
import { decodeColumns, encodeColumns } from "./codec/columns.ts";
import type { ClassBook } from "./codec/instances.ts";
import { appendRecords } from "./iterate.ts";
import { type BlockCodecName, blockCodec, plainBytes } from "./memory/block-codec.ts";
import { RecordGauge } from "./memory/record-gauge.ts";
import { type SpilledPiece, SpillFile } from "./memory/spill-file.ts";
import type { TaskMemory } from "./memory/task-memory.ts";
import type { KeptAs } from "./partition-cache.ts";

/** Records encoded, and decoded again, at a time. */
const PIECE_RECORDS = 8192;
/** What is gathered before it goes where the level wants it, when that is not the heap. */
const BATCH_BYTES = 4 << 20;

/** Where the records of a partition are. */
export type Unrolled =
  | { readonly kind: "records"; readonly records: readonly unknown[] }
  | {
      readonly kind: "encoded";
      readonly encoded: readonly Uint8Array[];
      readonly codec: BlockCodecName | undefined;
    }
  | { readonly kind: "file"; readonly file: SpillFile; readonly pieces: readonly SpilledPiece[] };

/**
 * A persisted partition while it is computed: objects as long as there is room for them, then bytes or a file, as the
 * level allows.
 */
export class Unrolling {
  readonly #memory: TaskMemory;
  readonly #name: string;
  readonly #as: KeptAs;
  readonly #gauge = new RecordGauge();
  readonly #encoded: Uint8Array[] = [];
  readonly #pieces: SpilledPiece[] = [];
  #records: unknown[] = [];
  #file: SpillFile | undefined;

  constructor(memory: TaskMemory, name: string, as: KeptAs) {
    this.#memory = memory;
    this.#name = name;
    this.#as = as;
  }

  /** Takes records in. False: there is no room for the partition; `takenBack` gives what has come. */
  add(chunk: Chunk): boolean {
    appendRecords(chunk, this.#records);
    this.#gauge.note(this.#records.length);
    if (chunk.to > chunk.from) this.#gauge.sample(this.#records.at(-1), undefined);
    const { useMemory, useOffHeap, useDisk, deserialized, isOnlyCopy = false } = this.#as;
    const { bytes, survives } = this.#gauge;
    const isElsewhere = !useMemory || useOffHeap || this.#file !== undefined || this.#encoded.length > 0;
    const isShort = this.#memory.isTooMuch(bytes + this.#encodedBytes());
    if (!isShort && !(isElsewhere && bytes > BATCH_BYTES)) return true;
    if (!survives) return isOnlyCopy || !isShort;
    const mayUseDisk = (useDisk || isOnlyCopy) && this.#memory.settings.directory !== undefined;
    if (useMemory && !deserialized && this.#file === undefined) {
      this.#encode();
      if (!isShort || !this.#memory.isTooMuch(this.#encodedBytes())) return true;
    }
    if (!mayUseDisk) return isOnlyCopy;
    this.#spill();
    return true;
  }

  /** Everything has come: where it is. */
  finish(): Unrolled {
    if (this.#file !== undefined) {
      this.#spill();
      return { kind: "file", file: this.#file, pieces: this.#pieces };
    }
    if (this.#encoded.length === 0) return { kind: "records", records: this.#records };
    this.#encode();
    return { kind: "encoded", encoded: this.#encoded, codec: this.#codec };
  }

  /** What has come so far, when the partition cannot be kept. */
  takenBack(): ChunkSource {
    const records = this.#records;
    this.#records = [];
    return concatSource([
      ...this.#encoded.map(bytes => () => valuesSource(decodedPiece(bytes, this.#codec))),
      () => valuesSource(records),
    ]);
  }

  /** Nobody will read the file. */
  discard(): void {
    this.#file?.remove();
  }

  get #codec(): BlockCodecName | undefined {
    return this.#memory.settings.keptCodec;
  }

  #encodedBytes(): number {
    let bytes = 0;
    for (const { length } of this.#encoded) bytes += length;
    return bytes;
  }

  #encode(): void {
    for (const bytes of encodedPieces(this.#records, this.#codec)) this.#encoded.push(bytes);
    this.#clear();
  }

  #spill(): void {
    this.#file ??= new SpillFile(this.#memory, this.#name, this.#codec);
    for (const bytes of this.#encoded) {
      this.#pieces.push(...this.#file.write([decodedPiece(bytes, this.#codec)]));
    }
    this.#encoded.length = 0;
    this.#pieces.push(...this.#file.write([this.#records]));
    this.#clear();
  }

  #clear(): void {
    this.#records = [];
    this.#gauge.note(0);
  }
}

/** Records as bytes, some thousands together. */
export function encodedPieces(records: readonly unknown[], codec: BlockCodecName | undefined): Uint8Array[] {
  // They do not leave this thread, which knows the classes.
  const classes: ClassBook = new Map();
  const encoded: Uint8Array[] = [];
  for (let from = 0; from < records.length; from += PIECE_RECORDS) {
    const piece = [records.slice(from, from + PIECE_RECORDS)];
    if (codec === undefined) encoded.push(encodeColumns(piece, { classes }));
    else encoded.push(blockCodec(codec).compress(encodeColumns(piece, { classes, allocate: ownMemory })));
  }
  return encoded;
}

/** The records of such a piece. */
export function decodedPiece(bytes: Uint8Array, codec: BlockCodecName | undefined): readonly unknown[] {
  return decodeColumns(plainBytes(bytes, codec))[0] ?? [];
}

function ownMemory(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes);
}
