import { millraceError } from "../common/errors/index.ts";
import { compareKeys, keysEqual } from "../common/keys/index.ts";
import { Partitioner } from "./partitioner.ts";

/** What `RangePartitioner.create` asks an RDD of pairs for. */
export interface RangeSource {
  /** At most `numPartitions - 1` keys, in order, that cut the RDD into ranges of about the same size. */
  rangeBounds(numPartitions: number): Promise<readonly unknown[]>;
}

/** Compares two keys, as for `Array.prototype.sort`. */
export type KeyOrder = (a: unknown, b: unknown) => number;

/**
 * Sends keys of neighbouring ranges to neighbouring partitions, so that sorting every partition sorts the
 * whole. Made of bounds, or by sampling the keys of an RDD.
 *
 * ```ts
 * import { RangePartitioner, SparkContext } from "millrace";
 * import assert from "node:assert";
 * const sc = new SparkContext("local", "ranges");
 * const pairs = sc.range(0, 100).map(n => [n, n]);
 * const partitioner = await RangePartitioner.create(4, pairs);
 * assert.equal(partitioner.numPartitions, 4);
 * assert.equal(partitioner.getPartition(-1), 0);
 * assert.equal(partitioner.getPartition(1000), 3);
 * assert.equal(new RangePartitioner(["m"]).getPartition("zoo"), 1);
 * await sc.stop();
 * ```
 */
export class RangePartitioner extends Partitioner {
  override readonly numPartitions: number;
  /** Whether the first partition holds the least keys. */
  readonly ascending: boolean;
  /** How keys are compared; absent: their natural order. */
  readonly compare: KeyOrder | undefined;
  #bounds: readonly unknown[] | undefined;

  /**
   * @param bounds the greatest key of each partition but the last, in order
   * @param ascending whether the first partition holds the least keys; default true
   * @param compare the order of keys; default the natural one
   */
  constructor(bounds: readonly unknown[], ascending?: boolean, compare?: KeyOrder);
  /** @internal Bounds are found when the first job needs them; partitions without a bound stay empty. */
  constructor(numPartitions: number, ascending?: boolean, compare?: KeyOrder);
  constructor(first: readonly unknown[] | number, ascending = true, compare?: KeyOrder) {
    super();
    this.ascending = ascending;
    this.compare = compare;
    if (typeof first === "number") {
      this.numPartitions = first;
    } else {
      this.numPartitions = first.length + 1;
      this.#bounds = first;
    }
  }

  /**
   * Samples the keys of `rdd`, which runs a job. Few distinct keys give fewer partitions than asked for, no
   * key at all gives one.
   *
   * @param numPartitions an integer of at least 1
   * @param ascending whether the first partition holds the least keys; default true
   * @throws MR_BAD_ARGUMENT for another number; MR_KEY_UNSUPPORTED for keys without an order
   */
  static async create(
    numPartitions: number,
    rdd: RangeSource,
    ascending?: boolean,
  ): Promise<RangePartitioner> {
    if (!Number.isInteger(numPartitions) || numPartitions < 1) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `RangePartitioner needs an integer number of partitions of at least 1, got ${numPartitions}`,
      );
    }
    return new RangePartitioner(await rdd.rangeBounds(numPartitions), ascending);
  }

  /** The greatest key of each partition but the last. */
  get bounds(): readonly unknown[] {
    if (this.#bounds !== undefined) return this.#bounds;
    throw millraceError("MR_INTERNAL", "the bounds of a range partitioner were not prepared");
  }

  /** Whether the bounds are known. */
  get isSettled(): boolean {
    return this.#bounds !== undefined;
  }

  /** Says where the ranges end; done once. */
  settle(bounds: readonly unknown[]): void {
    this.#bounds ??= bounds;
  }

  override getPartition(key: unknown): number {
    const bounds = this.#bounds ?? this.bounds;
    const range = rangeOf(bounds, key, this.compare ?? compareKeys);
    return this.ascending ? range : bounds.length - range;
  }

  /** The partitions that may hold keys from `lower` to `upper`, both included: `[first, last]`. */
  partitionsBetween(lower: unknown, upper: unknown): readonly [number, number] {
    const a = this.getPartition(lower);
    const b = this.getPartition(upper);
    return a <= b ? [a, b] : [b, a];
  }

  override equals(other: Partitioner): boolean {
    if (this === other) return true;
    if (!(other instanceof RangePartitioner) || other.constructor !== this.constructor) return false;
    return (
      this.isSettled &&
      other.isSettled &&
      this.numPartitions === other.numPartitions &&
      this.ascending === other.ascending &&
      this.compare === other.compare &&
      keysEqual(this.bounds, other.bounds)
    );
  }
}

/** How many bounds are less than the key. */
export function rangeOf(bounds: readonly unknown[], key: unknown, compare: KeyOrder): number {
  let low = 0;
  let high = bounds.length;
  if (compare === compareKeys && typeof key === "number") {
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = bounds[middle];
      // Numbers are what is sorted most; everything else, NaN too, takes the long way.
      const isAbove =
        typeof bound !== "number" || Number.isNaN(key) || Number.isNaN(bound)
          ? compare(key, bound) > 0
          : key > bound;
      if (isAbove) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(key, bounds[middle]) > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A key of a sample and how many records it stands for. */
export type Candidate = readonly [key: unknown, weight: number];

/**
 * Cuts a weighted sample into at most `numPartitions` ranges of about the same weight; answers the greatest
 * key of each but the last. Equal keys stay together, so there may be fewer.
 */
export function determineBounds(
  candidates: readonly Candidate[],
  numPartitions: number,
  compare: KeyOrder = compareKeys,
): unknown[] {
  const ordered = [...candidates].sort((a, b) => compare(a[0], b[0]));
  const step = ordered.reduce((sum, [, weight]) => sum + weight, 0) / numPartitions;
  const bounds: unknown[] = [];
  let reached = 0;
  let target = step;
  for (const [key, weight] of ordered) {
    if (bounds.length >= numPartitions - 1) break;
    reached += weight;
    if (reached < target) continue;
    if (bounds.length > 0 && compare(key, bounds.at(-1)) <= 0) continue;
    bounds.push(key);
    target += step;
  }
  return bounds;
}
