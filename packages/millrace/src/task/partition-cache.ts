import type { StorageLevel } from "../plan/index.ts";
import { type ChunkSource, concatSource, valuesSource } from "./chunk.ts";
import { surviveAsBytes } from "./codec/instances.ts";
import type { BlockCodecName } from "./memory/block-codec.ts";
import { sizeEstimate } from "./memory/size-estimate.ts";
import { type SpilledPiece, SpillFile } from "./memory/spill-file.ts";
import type { Evictable, TaskMemory } from "./memory/task-memory.ts";
import { decodedPiece, encodedPieces, type Unrolled } from "./unrolling.ts";

/** What of a storage level decides how a partition is kept, as plain data. */
export interface KeptAs extends Pick<StorageLevel, "useDisk" | "useMemory" | "useOffHeap" | "deserialized"> {
  /** It cannot be computed again: never let go, and on disk when memory is short, whatever the level says. */
  readonly isOnlyCopy?: boolean;
}

const IN_MEMORY: KeptAs = { useDisk: false, useMemory: true, useOffHeap: false, deserialized: true };

/** Where a partition is kept now; nowhere, when both are 0: it was evicted. */
export interface KeptChange {
  readonly node: number;
  readonly partition: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

interface Kept {
  readonly node: number;
  readonly partition: number;
  readonly as: KeptAs;
  records: readonly unknown[] | undefined;
  encoded: readonly Uint8Array[] | undefined;
  file: { readonly file: SpillFile; readonly pieces: readonly SpilledPiece[] } | undefined;
  memoryBytes: number;
}

/** Records looked at when the size of a partition is judged. */
const SAMPLES = 32;

/**
 * The persisted partitions that live where a task runs. In memory they are objects at first at every level but
 * `OFF_HEAP`, for no time is spent on bytes while there is room; when memory is short, the least recently used become
 * bytes (serialised levels), go to disk (levels with disk) or are let go and computed again. Partitions
 * that would not survive as bytes stay objects.
 */
export class PartitionCache implements Evictable {
  /** By node and partition, the least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #memory: TaskMemory | undefined;
  #changes: KeptChange[] = [];
  sizeBytes = 0;

  /** The memory it shares with tasks; without one it keeps everything in memory. */
  useMemory(memory: TaskMemory): void {
    this.#memory = memory;
  }

  get #codec(): BlockCodecName | undefined {
    return this.#memory?.settings.keptCodec;
  }

  has(node: number, partition: number): boolean {
    return this.#kept.has(keyOf(node, partition));
  }

  /** The records of a partition, if it is here. */
  open(node: number, partition: number): ChunkSource | undefined {
    const key = keyOf(node, partition);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const { records, encoded, file } = kept;
    if (records !== undefined) return unrolledSource({ kind: "records", records });
    if (encoded !== undefined) return unrolledSource({ kind: "encoded", encoded, codec: this.#codec });
    return file === undefined ? undefined : unrolledSource({ kind: "file", ...file });
  }

  /** Keeps records that came from elsewhere, as objects. */
  putRecords(node: number, partition: number, records: readonly unknown[]): void {
    this.put(node, partition, { kind: "records", records }, IN_MEMORY);
  }

  /** Keeps a partition, if there is room for it at its level. */
  put(node: number, partition: number, unrolled: Unrolled, as: KeptAs): void {
    this.#remove(keyOf(node, partition));
    const kept: Kept = {
      node,
      partition,
      as,
      records: unrolled.kind === "records" ? unrolled.records : undefined,
      encoded: unrolled.kind === "encoded" ? unrolled.encoded : undefined,
      file: unrolled.kind === "file" ? unrolled : undefined,
      memoryBytes: 0,
    };
    this.#kept.set(keyOf(node, partition), kept);
    if (unrolled.kind === "records") this.#resize(kept, estimate(unrolled.records));
    if (unrolled.kind === "encoded") this.#resize(kept, sizeOf(unrolled.encoded));
    if (as.useOffHeap) this.#encode(kept);
    if (!as.useMemory) this.#toDisk(kept);
    this.#makeRoom(kept);
    if (this.#kept.has(keyOf(node, partition))) this.#changed(kept);
  }

  /** Gives back memory until no more than `limitBytes` are used, if it can. */
  shrinkTo(limitBytes: number): void {
    for (const kept of [...this.#kept.values()]) {
      if (this.sizeBytes <= limitBytes) return;
      this.#shrink(kept);
    }
  }

  /** What was kept, moved or evicted since the last call. */
  takeChanges(): KeptChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /** Forgets every partition of a node. */
  drop(node: number): void {
    for (const [key, kept] of this.#kept) if (kept.node === node) this.#remove(key);
  }

  clear(): void {
    for (const key of [...this.#kept.keys()]) this.#remove(key);
  }

  /** How many nodes have partitions here. */
  get size(): number {
    return new Set(Array.from(this.#kept.values(), ({ node }) => node)).size;
  }

  /** Others make room first, but not those of the same node: it would only evict itself, partition by partition. */
  #makeRoom(newest: Kept): void {
    const limit = this.#memory?.settings.limitBytes ?? Number.POSITIVE_INFINITY;
    for (const kept of [...this.#kept.values()]) {
      if (this.sizeBytes <= limit) return;
      if (kept.node !== newest.node) this.#shrink(kept);
    }
    if (this.sizeBytes > limit) this.#shrink(newest);
    if (this.sizeBytes > limit) this.#shrink(newest);
  }

  /** Takes a partition one step further out of memory. */
  #shrink(kept: Kept): void {
    if (kept.memoryBytes === 0) return;
    const survives = kept.records === undefined || surviveAsBytes(kept.records);
    const { isOnlyCopy = false, useDisk, deserialized } = kept.as;
    if (survives && !deserialized && kept.encoded === undefined) this.#encode(kept);
    else if (survives && (useDisk || isOnlyCopy) && this.#memory?.settings.directory !== undefined)
      this.#toDisk(kept);
    else if (!isOnlyCopy) this.#remove(keyOf(kept.node, kept.partition));
    this.#changed(kept);
  }

  #encode(kept: Kept): void {
    const { records } = kept;
    if (records === undefined || !surviveAsBytes(records)) return;
    const encoded = encodedPieces(records, this.#codec);
    kept.encoded = encoded;
    kept.records = undefined;
    this.#resize(kept, sizeOf(encoded));
  }

  #toDisk(kept: Kept): void {
    const memory = this.#memory;
    const source = kept.records ?? kept.encoded?.flatMap(bytes => decodedPiece(bytes, this.#codec));
    if (memory?.settings.directory === undefined || source === undefined) return;
    if (kept.records !== undefined && !surviveAsBytes(kept.records)) return;
    const file = new SpillFile(memory, `rdd-${kept.node}-${kept.partition}`, this.#codec);
    kept.file = { file, pieces: file.write([source]) };
    kept.records = undefined;
    kept.encoded = undefined;
    this.#resize(kept, 0);
  }

  #resize(kept: Kept, bytes: number): void {
    this.sizeBytes += bytes - kept.memoryBytes;
    kept.memoryBytes = bytes;
  }

  #remove(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#resize(kept, 0);
    kept.file?.file.remove();
    kept.file = undefined;
  }

  #changed({ node, partition, memoryBytes, file }: Kept): void {
    const diskBytes = file?.pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? 0;
    this.#changes.push({ node, partition, memoryBytes, diskBytes });
  }
}

/** The records of a partition, wherever they are. */
export function unrolledSource(unrolled: Unrolled): ChunkSource {
  switch (unrolled.kind) {
    case "records":
      return valuesSource(unrolled.records);
    case "encoded":
      return concatSource(
        unrolled.encoded.map(bytes => () => valuesSource(decodedPiece(bytes, unrolled.codec))),
      );
    case "file":
      return unrolled.file.read(unrolled.pieces);
  }
}

function sizeOf(encoded: readonly Uint8Array[]): number {
  return encoded.reduce((sum, { length }) => sum + length, 0);
}

function keyOf(node: number, partition: number): string {
  return `${node}/${partition}`;
}

function estimate(records: readonly unknown[]): number {
  if (records.length === 0) return 1;
  const step = Math.max(1, Math.floor(records.length / SAMPLES));
  let bytes = 0;
  let seen = 0;
  for (let at = 0; at < records.length; at += step) {
    bytes += sizeEstimate(records[at]);
    seen += 1;
  }
  return Math.ceil(records.length * (bytes / seen + 8)) + 1;
}
