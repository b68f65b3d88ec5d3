import { compareKeys } from "../common/keys/index.ts";
import {
  type KeyOrder,
  narrow,
  type Partitioner,
  type Partitioning,
  prepared,
  RangePartitioner,
  type RangeSource,
  shuffle,
} from "../plan/index.ts";
import { ApproximateActions } from "./approximate-actions.ts";
import { partitionerFor } from "./default-partitioner.ts";
import { checkPartitions, originOf } from "./lineage.ts";
import type { PairRDD, RDD } from "./rdd.ts";
import { orderedFirst, reduced } from "./run-action.ts";
import { rangeBounds, sortedBy, sortedByKey } from "./sorting.ts";

/**
 * What has to do with order. The natural order of keys: numbers by size with NaN last, texts by code units,
 * `false` before `true`, dates by time, arrays part by part; `compare` sets another, as for
 * `Array.prototype.sort`.
 */
export abstract class OrderedOperations<T> extends ApproximateActions<T> implements RangeSource {
  /**
   * The records in order of what `f` says of them: over all partitions, equal ones in the order they had. The
   * first action also samples the records, to spread them evenly.
   *
   * @param ascending default true
   * @param numPartitions of the result; default as many as there are
   * @param compare default the natural order
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is an integer of at least 0; MR_CLOSURE_UNSHIPPABLE,
   * MR_CLOSURE_NATIVE; MR_CONTEXT_STOPPED
   * @throws MR_KEY_UNSUPPORTED when an action meets something without an order
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sortBy");
   * const words = sc.parallelize(["ccc", "a", "bb"], 2);
   * assert.deepEqual(await words.sortBy(word => word.length).collect(), ["a", "bb", "ccc"]);
   * assert.deepEqual(await words.sortBy(word => word, false).collect(), ["ccc", "bb", "a"]);
   * await sc.stop();
   * ```
   */
  sortBy<K>(
    f: (record: T) => K,
    ascending = true,
    numPartitions: number = this.plan.numPartitions,
    compare?: (a: K, b: K) => number,
  ): RDD<T> {
    const origin = originOf(this, "sortBy", f, ...(compare === undefined ? [] : [compare]));
    checkPartitions(origin, numPartitions);
    return sortedBy(this, origin, f, ascending, numPartitions, compare as KeyOrder | undefined);
  }

  /**
   * Pairs in order of their keys: over all partitions, equal keys in the order they had. The first action also
   * samples the keys, to spread them evenly.
   *
   * @param ascending default true
   * @param numPartitions of the result; default as many as there are
   * @param compare default the natural order
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is an integer of at least 0; MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sortByKey");
   * const counts = sc.parallelize(["b", "a", "c"], 2).map(word => [word, 1]);
   * assert.deepEqual(await counts.sortByKey().keys().collect(), ["a", "b", "c"]);
   * await sc.stop();
   * ```
   */
  sortByKey<K, V>(
    this: PairRDD<K, V>,
    ascending = true,
    numPartitions: number = this.plan.numPartitions,
    compare?: (a: K, b: K) => number,
  ): RDD<[K, V]> {
    const origin = originOf(this, "sortByKey", ...(compare === undefined ? [] : [compare]));
    checkPartitions(origin, numPartitions);
    const order = compare as KeyOrder | undefined;
    return sortedByKey(this, this.plan, origin, ascending, numPartitions, order);
  }

  /**
   * Each pair in the partition of its key, and every partition in order of its keys: cheaper than the one and
   * then the other.
   *
   * @param partitioning a `Partitioner`, or a number of partitions by hash
   * @param compare default the natural order
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED, MR_PARTITIONER when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { HashPartitioner, SparkContext } from "millrace";
   * const sc = new SparkContext("local", "repartitionAndSortWithinPartitions");
   * const pairs = sc.parallelize([3, 1, 2], 2).map(n => [n, n * n]);
   * const sorted = pairs.repartitionAndSortWithinPartitions(new HashPartitioner(1));
   * assert.deepEqual(await sorted.collect(), [[1, 1], [2, 4], [3, 9]]);
   * await sc.stop();
   * ```
   */
  repartitionAndSortWithinPartitions<K, V>(
    this: PairRDD<K, V>,
    partitioning: Partitioner | Partitioning,
    compare?: (a: K, b: K) => number,
  ): RDD<[K, V]> {
    const functions = compare === undefined ? [] : [compare];
    const origin = originOf(this, "repartitionAndSortWithinPartitions", ...functions);
    const partitioner = partitionerFor(this.context, [this.plan], partitioning);
    const ordering = { descending: false, compare };
    return this.derive(shuffle(origin, this.plan, partitioner, undefined, ordering));
  }

  /**
   * The pairs whose keys are from `lower` to `upper`, both included. After `sortByKey` only the partitions that
   * may hold such keys are read.
   *
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "filterByRange");
   * const pairs = sc.range(0, 10).map(n => [n, "x"]).sortByKey();
   * assert.deepEqual(await pairs.filterByRange(3, 5).keys().collect(), [3, 4, 5]);
   * await sc.stop();
   * ```
   */
  filterByRange<K, V>(this: PairRDD<K, V>, lower: K, upper: K): RDD<[K, V]> {
    const origin = originOf(this, "filterByRange");
    const { partitioner } = this.plan;
    const isRanged = partitioner instanceof RangePartitioner;
    const compare = (isRanged && partitioner.compare) || compareKeys;
    const held: [first: number, last: number] = [0, Number.POSITIVE_INFINITY];
    const inRange = function* (index: number, pairs: Iterable<readonly [K, V]>) {
      if (index < held[0] || index > held[1]) return;
      for (const pair of pairs) {
        if (compare(pair[0], lower) >= 0 && compare(pair[0], upper) <= 0) yield pair;
      }
    };
    const node = narrow(origin, "mapPartitionsWithIndex", this.plan, inRange, true);
    if (!isRanged) return this.derive(node);
    return this.derive(
      prepared(node, async () => {
        const [first, last] = partitioner.partitionsBetween(lower, upper);
        held[0] = first;
        held[1] = last;
      }),
    );
  }

  /**
   * Keys, in order, that cut the pairs into at most `numPartitions` ranges of about the same size, found by a
   * sample: what `RangePartitioner.create` asks for.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "rangeBounds");
   * assert.deepEqual(await sc.parallelize(["a", "b"]).map(key => [key, 1]).rangeBounds(2), ["a"]);
   * await sc.stop();
   * ```
   */
  async rangeBounds(numPartitions: number): Promise<unknown[]> {
    return rangeBounds(this, originOf(this, "rangeBounds"), numPartitions);
  }

  /**
   * The greatest record.
   *
   * @param compare as for `Array.prototype.sort`; default the natural order
   * @throws MR_EMPTY_COLLECTION when there is no record; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "max");
   * assert.equal(await sc.parallelize([3, 10, 2]).max(), 10);
   * assert.equal(await sc.parallelize(["aa", "b"]).max((a, b) => a.length - b.length), "aa");
   * await sc.stop();
   * ```
   */
  async max(compare: (a: T, b: T) => number = compareKeys): Promise<T> {
    return reduced<T>(this, originOf(this, "max", compare), (a, b) => (compare(b, a) > 0 ? b : a));
  }

  /**
   * The least record.
   *
   * @param compare as for `Array.prototype.sort`; default the natural order
   * @throws MR_EMPTY_COLLECTION when there is no record; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "min");
   * assert.equal(await sc.parallelize([3, 10, 2]).min(), 2);
   * await sc.stop();
   * ```
   */
  async min(compare: (a: T, b: T) => number = compareKeys): Promise<T> {
    return reduced<T>(this, originOf(this, "min", compare), (a, b) => (compare(b, a) < 0 ? b : a));
  }

  /**
   * The `count` least records, in order.
   *
   * @param count an integer of at least 0, or Infinity
   * @param compare as for `Array.prototype.sort`; default: numbers by size, texts by code units, arrays part
   * by part
   * @throws MR_BAD_ARGUMENT for another count; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "takeOrdered");
   * assert.deepEqual(await sc.parallelize([3, 1, 2]).takeOrdered(2), [1, 2]);
   * await sc.stop();
   * ```
   */
  async takeOrdered(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return orderedFirst(this, "takeOrdered", count, compare);
  }

  /**
   * The `count` greatest records, greatest first.
   *
   * @param count an integer of at least 0, or Infinity
   * @param compare as for `Array.prototype.sort`; default: numbers by size, texts by code units, arrays part
   * by part
   * @throws MR_BAD_ARGUMENT for another count; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "top");
   * assert.deepEqual(await sc.parallelize([3, 1, 2]).top(2), [3, 2]);
   * await sc.stop();
   * ```
   */
  async top(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return orderedFirst(this, "top", count, (a, b) => compare(b, a));
  }
}
