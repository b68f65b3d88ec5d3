import { isPlainData } from "../shared/plain-data.ts";
import type { ShuffleBlock } from "../shuffle-block.ts";
import { sizeEstimate } from "./size-estimate.ts";
import { type SpilledPiece, SpillFile } from "./spill-file.ts";
import type { TaskMemory } from "./task-memory.ts";

/** Pairs for one reducer, as columns. */
export interface Bucket {
  readonly kind: "columns";
  keys: unknown[];
  values: unknown[];
}

/** Buckets looked at when sizes are judged. */
const SAMPLED_BUCKETS = 4;

export function emptyBuckets(count: number): Bucket[] {
  return Array.from({ length: count }, () => ({ kind: "columns" as const, keys: [], values: [] }));
}

/**
 * What the map side of a shuffle leaves for its reducers: in memory as long as that suffices, then in a file. Instances
 * of classes would not survive that; data that has any stays in memory.
 */
export class MapOutput {
  readonly #memory: TaskMemory;
  readonly #name: string;
  readonly #pieces: SpilledPiece[][];
  #file: SpillFile | undefined;
  #records = 0;
  #recordBytes = 0;
  #samples = 0;
  #isPlain = true;

  constructor(memory: TaskMemory, name: string, count: number) {
    this.#memory = memory;
    this.#name = name;
    this.#pieces = Array.from({ length: count }, () => []);
  }

  /** Judges what has been gathered since the last spill; spills it when it is too much. */
  check(buckets: readonly Bucket[]): void {
    if (this.#memory.settings.directory === undefined) return;
    this.#judge(buckets);
    if (this.#isPlain && this.#memory.isTooMuch(this.#gatheredBytes)) this.spill(buckets);
  }

  /** The blocks for the reducers, and the kilobytes of them that count as shuffle output in memory. */
  finish(buckets: readonly Bucket[]): { readonly blocks: ShuffleBlock[]; readonly heldKb: number } {
    this.#judge(buckets);
    if (this.#file === undefined) {
      const heldKb = this.#memory.holdShuffle(this.#gatheredBytes);
      if (heldKb !== undefined || !this.#isPlain) return { blocks: [...buckets], heldKb: heldKb ?? 0 };
    }
    this.spill(buckets);
    this.#file?.close();
    const path = this.#file?.path ?? "";
    return { blocks: this.#pieces.map(pieces => ({ kind: "spilled", path, pieces })), heldKb: 0 };
  }

  /** The task failed: nobody will read the file. */
  discard(): void {
    this.#file?.remove();
  }

  get #gatheredBytes(): number {
    return this.#records * (this.#recordBytes / Math.max(1, this.#samples));
  }

  #judge(buckets: readonly Bucket[]): void {
    let records = 0;
    for (const { keys } of buckets) records += keys.length;
    if (records === this.#records) return;
    this.#records = records;
    const step = Math.max(1, Math.floor(buckets.length / SAMPLED_BUCKETS));
    for (let at = 0; at < buckets.length; at += step) {
      const { keys, values } = buckets[at] as Bucket;
      if (keys.length === 0) continue;
      const key = keys.at(-1);
      const value = values.at(-1);
      // Two slots in the columns, which grow by half at a time.
      this.#recordBytes += sizeEstimate(key) + sizeEstimate(value) + 24;
      this.#samples += 1;
      this.#isPlain &&= isPlainData(key) && isPlainData(value);
    }
  }

  /** Writes what the buckets hold, and empties them. */
  spill(buckets: readonly Bucket[]): void {
    this.#file ??= new SpillFile(this.#memory, this.#name);
    for (const [reducer, bucket] of buckets.entries()) {
      if (bucket.keys.length === 0) continue;
      this.#pieces[reducer]?.push(...this.#file.write([bucket.keys, bucket.values]));
      bucket.keys = [];
      bucket.values = [];
    }
    this.#records = 0;
  }
}
