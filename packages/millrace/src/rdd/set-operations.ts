import { narrow, type Partitioning, shuffle, union } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { partitionerFor } from "./default-partitioner.ts";
import { cogrouped, originOf, subtracted } from "./lineage.ts";
import { PartitionOperations } from "./partition-operations.ts";
import type { RDD } from "./rdd.ts";

/** RDDs as sets and lists of records, which are compared by value. */
export abstract class SetOperations<T> extends PartitionOperations<T> {
  /**
   * This one's records and then the other's; duplicates stay. The partitions of both, one after the other; when both
   * have the same partitioner they are merged one by one and it is kept.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "union");
   * const both = sc.parallelize([1, 2]).union(sc.parallelize([2, 3]));
   * assert.deepEqual(await both.collect(), [1, 2, 2, 3]);
   * await sc.stop();
   * ```
   */
  union(other: RDD<T>): RDD<T> {
    return this.derive(union(originOf(this, "union"), [this.plan, other.plan]));
  }

  /**
   * Every record once, compared by value (arrays and plain objects too); in no particular order.
   *
   * @param numPartitions of the result; default as many as there are. A partitioner is kept when the number
   * stays.
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is an integer of at least 0; MR_CONTEXT_STOPPED
   * @throws MR_KEY_UNSUPPORTED when an action meets a record that cannot be compared by value
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "distinct");
   * const once = await sc.parallelize([3, 1, 3, 1]).distinct().collect();
   * assert.deepEqual(once.sort(), [1, 3]);
   * await sc.stop();
   * ```
   */
  distinct(numPartitions?: number): RDD<T> {
    const origin = originOf(this, "distinct");
    if (
      this.partitioner !== undefined &&
      (numPartitions ?? this.plan.numPartitions) === this.plan.numPartitions
    ) {
      // Equal pairs have equal keys: they are in one partition already.
      return this.derive(narrow(origin, "mapPartitions", this.plan, builtins.distinctRecords, true));
    }
    const keyed = narrow(origin, "map", this.plan, builtins.asKey, false);
    const partitioner = partitionerFor(this.context, [this.plan], numPartitions ?? this.plan.numPartitions);
    const once = shuffle(origin, keyed, partitioner, {
      create: undefined,
      mergeValue: builtins.keepFirst,
      mergeCombiners: builtins.keepFirst,
      mapSideCombine: true,
    });
    return this.derive(narrow(origin, "map", once, builtins.pairKey, false));
  }

  /**
   * The distinct records that both have, in no particular order.
   *
   * @param partitioning a number of partitions or a `Partitioner` of records; default by hash into
   * `spark.default.parallelism` or as many partitions as the larger input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   * @throws MR_KEY_UNSUPPORTED when an action meets a record that cannot be compared by value
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "intersection");
   * const both = sc.parallelize([1, 2, 2, 3]).intersection(sc.parallelize([2, 3, 4]));
   * assert.deepEqual((await both.collect()).sort(), [2, 3]);
   * await sc.stop();
   * ```
   */
  intersection(other: RDD<T>, partitioning?: Partitioning): RDD<T> {
    const origin = originOf(this, "intersection");
    const left = this.derive(narrow(origin, "map", this.plan, builtins.asKey, false));
    const right = this.derive(narrow(origin, "map", other.plan, builtins.asKey, false));
    const { plan } = cogrouped(left, origin, [right], partitioning);
    const shared = narrow(origin, "filter", plan, builtins.isOnBothSides, true);
    return this.derive(narrow(origin, "map", shared, builtins.pairKey, false));
  }

  /**
   * The records that the other one does not have; duplicates stay.
   *
   * @param partitioning a number of partitions or a `Partitioner` of records; default by hash into as many
   * partitions as this one has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   * @throws MR_KEY_UNSUPPORTED when an action meets a record that cannot be compared by value
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "subtract");
   * const rest = sc.parallelize([1, 1, 2, 3]).subtract(sc.parallelize([2, 3, 4]));
   * assert.deepEqual(await rest.collect(), [1, 1]);
   * await sc.stop();
   * ```
   */
  subtract(other: RDD<T>, partitioning?: Partitioning): RDD<T> {
    const origin = originOf(this, "subtract");
    const left = narrow(origin, "map", this.plan, builtins.asKey, false);
    const right = narrow(origin, "map", other.plan, builtins.asKey, false);
    const rest = subtracted(origin, left, right, partitioning);
    return this.derive(narrow(origin, "map", rest, builtins.pairKey, false));
  }
}
