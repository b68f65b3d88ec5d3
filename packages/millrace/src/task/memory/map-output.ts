import type { ShuffleBlock } from "../shuffle-block.ts";
import { RecordGauge } from "./record-gauge.ts";
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
  const buckets: Bucket[] = [];
  for (let i = 0; i < count; i++) buckets.push({ kind: "columns", keys: [], values: [] });
  return buckets;
}

/**
 * What the map side of a shuffle leaves for its reducers: in memory as long as that suffices, then in a file. Data that
 * would not survive that stays in memory.
 */
export class MapOutput {
  /** Whether no key occurs twice in a block, unless it was spilled: what was combined has each key once. */
  hasUniqueKeys = false;
  readonly #memory: TaskMemory;
  readonly #name: string;
  readonly #pieces: SpilledPiece[][];
  readonly #gauge = new RecordGauge();
  #file: SpillFile | undefined;

  constructor(memory: TaskMemory, name: string, count: number) {
    this.#memory = memory;
    this.#name = name;
    this.#pieces = Array.from({ length: count }, () => []);
  }

  /** Judges what has been gathered since the last spill; spills it when it is too much. */
  check(buckets: readonly Bucket[]): void {
    if (this.#memory.settings.directory === undefined) return;
    this.#judge(buckets);
    if (this.#gauge.survives && this.#memory.isTooMuch(this.#gauge.bytes)) this.spill(buckets);
  }

  /** The blocks for the reducers, and the kilobytes of them that count as shuffle output in memory. */
  finish(buckets: readonly Bucket[]): { readonly blocks: ShuffleBlock[]; readonly heldKb: number } {
    this.#judge(buckets);
    if (this.#file === undefined) {
      const heldKb = this.#memory.holdShuffle(this.#gauge.bytes);
      if (heldKb !== undefined || !this.#gauge.survives) {
        const { hasUniqueKeys } = this;
        return { blocks: buckets.map(bucket => ({ ...bucket, hasUniqueKeys })), heldKb: heldKb ?? 0 };
      }
    }
    this.spill(buckets);
    this.#file?.close();
    const path = this.#file?.path ?? "";
    const classes = [...(this.#file?.classes.values() ?? [])];
    return {
      blocks: this.#pieces.map(pieces => ({ kind: "spilled", path, pieces, classes })),
      heldKb: 0,
    };
  }

  /** The task failed: nobody will read the file. */
  discard(): void {
    this.#file?.remove();
  }

  #judge(buckets: readonly Bucket[]): void {
    let records = 0;
    for (const { keys } of buckets) records += keys.length;
    if (records === this.#gauge.records) return;
    this.#gauge.note(records);
    const step = Math.max(1, Math.floor(buckets.length / SAMPLED_BUCKETS));
    for (let at = 0; at < buckets.length; at += step) {
      const { keys, values } = buckets[at] as Bucket;
      if (keys.length === 0) continue;
      this.#gauge.sample(keys.at(-1), values.at(-1));
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
    this.#gauge.note(0);
  }
}
