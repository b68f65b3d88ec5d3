import { millraceError } from "../common/errors/index.ts";
import { hashKey } from "../common/keys/index.ts";

/**
 * Decides which partition a key belongs to. Extend it for a partitioner of your own; the same key must
 * always get the same answer, also in another process.
 *
 * ```ts
 * import { Partitioner, SparkContext } from "millrace";
 * import assert from "node:assert";
 * class ByFirstLetter extends Partitioner {
 *   override readonly numPartitions = 2;
 *   override getPartition(key: unknown): number {
 *     return String(key) < "n" ? 0 : 1;
 *   }
 * }
 * const sc = new SparkContext("local", "partitioner");
 * const parts = await sc.parallelize(["ant", "zoo"]).map(w => [w, 1]).partitionBy(new ByFirstLetter()).glom().collect();
 * assert.deepEqual(parts, [[["ant", 1]], [["zoo", 1]]]);
 * await sc.stop();
 * ```
 */
export abstract class Partitioner {
  /** How many partitions there are, at least 0. */
  abstract readonly numPartitions: number;

  /** The partition of `key`: an integer from 0 to `numPartitions - 1`. */
  abstract getPartition(key: unknown): number;

  /** Whether both send every key to the same place; RDDs of equal partitioners are joined without a shuffle. */
  equals(other: Partitioner): boolean {
    return this === other;
  }
}

/**
 * Spreads keys by a stable hash of their value: equal keys, also structurally equal arrays and plain
 * objects, meet in one partition. `null` and `undefined` go to partition 0.
 *
 * ```ts
 * import { HashPartitioner } from "millrace";
 * import assert from "node:assert";
 * const partitioner = new HashPartitioner(4);
 * assert.equal(partitioner.getPartition([1, "a"]), partitioner.getPartition([1, "a"]));
 * assert.ok(partitioner.equals(new HashPartitioner(4)));
 * ```
 */
export class HashPartitioner extends Partitioner {
  override readonly numPartitions: number;

  /** @throws MR_BAD_ARGUMENT unless `numPartitions` is an integer of at least 0. */
  constructor(numPartitions: number) {
    super();
    if (!Number.isInteger(numPartitions) || numPartitions < 0) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `HashPartitioner needs an integer number of partitions of at least 0, got ${numPartitions}`,
      );
    }
    this.numPartitions = numPartitions;
  }

  override getPartition(key: unknown): number {
    return key === null || key === undefined ? 0 : hashKey(key) % this.numPartitions;
  }

  override equals(other: Partitioner): boolean {
    // A subclass may answer differently.
    if (!(other instanceof HashPartitioner) || other.constructor !== this.constructor) return false;
    return other.numPartitions === this.numPartitions;
  }
}
