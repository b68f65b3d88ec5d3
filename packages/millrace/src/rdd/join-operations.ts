import type { Partitioning } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { cogrouped, joined, originOf, subtracted } from "./lineage.ts";
import { PairOperations } from "./pair-operations.ts";
import type { PairRDD, RDD } from "./rdd.ts";
import { RDDBase } from "./rdd-base.ts";

/** Pairs of several RDDs brought together by key. */
export abstract class JoinOperations<T> extends PairOperations<T> {
  /**
   * For every key of this or up to three other RDDs, the values each has for it.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cogroup");
   * const ages = sc.parallelize([["ann", 7]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"], ["bob", "dog"]] as [string, string][]);
   * const grouped = await ages.cogroup(pets).collect();
   * assert.deepEqual(grouped.sort(), [["ann", [[7], ["cat"]]], ["bob", [[], ["dog"]]]]);
   * await sc.stop();
   * ```
   */
  cogroup<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V[], W[]]]>;
  cogroup<K, V, W1, W2>(
    this: PairRDD<K, V>,
    other1: PairRDD<K, W1>,
    other2: PairRDD<K, W2>,
    partitioning?: Partitioning,
  ): RDD<[K, [V[], W1[], W2[]]]>;
  cogroup<K, V, W1, W2, W3>(
    this: PairRDD<K, V>,
    other1: PairRDD<K, W1>,
    other2: PairRDD<K, W2>,
    other3: PairRDD<K, W3>,
    partitioning?: Partitioning,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  cogroup<K>(
    this: PairRDD<K, unknown>,
    ...rest: readonly (PairRDD<K, unknown> | Partitioning)[]
  ): RDD<[K, unknown]> {
    const others = rest.filter(item => item instanceof RDDBase);
    const partitioning = rest.find(item => item !== undefined && !(item instanceof RDDBase)) as Partitioning;
    return cogrouped(this, originOf(this, "cogroup"), others, partitioning);
  }

  /**
   * Every pair of values that share a key: values of this one in the outer, of the other in the inner loop.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "join");
   * const ages = sc.parallelize([["ann", 7], ["eve", 5]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"], ["bob", "dog"]] as [string, string][]);
   * const joined = await ages.join(pets).collect();
   * assert.deepEqual(joined.sort(), [["ann", [7, "cat"]]]);
   * await sc.stop();
   * ```
   */
  join<K, V, W>(this: PairRDD<K, V>, other: PairRDD<K, W>, partitioning?: Partitioning): RDD<[K, [V, W]]> {
    return joined(this, "join", builtins.innerJoin, other, partitioning);
  }

  /**
   * As `join`; keys without a value on the right keep `undefined` there.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "leftOuterJoin");
   * const ages = sc.parallelize([["ann", 7], ["eve", 5]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"], ["bob", "dog"]] as [string, string][]);
   * const joined = await ages.leftOuterJoin(pets).collect();
   * assert.deepEqual(joined.sort(), [["ann", [7, "cat"]], ["eve", [5, undefined]]]);
   * await sc.stop();
   * ```
   */
  leftOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V, W | undefined]]> {
    return joined(this, "leftOuterJoin", builtins.leftOuterJoin, other, partitioning);
  }

  /**
   * As `join`; keys without a value on the left keep `undefined` there.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "rightOuterJoin");
   * const ages = sc.parallelize([["ann", 7], ["eve", 5]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"], ["bob", "dog"]] as [string, string][]);
   * const joined = await ages.rightOuterJoin(pets).collect();
   * assert.deepEqual(joined.sort(), [["ann", [7, "cat"]], ["bob", [undefined, "dog"]]]);
   * await sc.stop();
   * ```
   */
  rightOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V | undefined, W]]> {
    return joined(this, "rightOuterJoin", builtins.rightOuterJoin, other, partitioning);
  }

  /**
   * As `join`; keys of either side alone keep `undefined` for the other.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "fullOuterJoin");
   * const ages = sc.parallelize([["ann", 7], ["eve", 5]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"], ["bob", "dog"]] as [string, string][]);
   * const joined = await ages.fullOuterJoin(pets).collect();
   * assert.deepEqual(joined.sort(), [["ann", [7, "cat"]], ["bob", [undefined, "dog"]], ["eve", [5, undefined]]]);
   * await sc.stop();
   * ```
   */
  fullOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V | undefined, W | undefined]]> {
    return joined(this, "fullOuterJoin", builtins.fullOuterJoin, other, partitioning);
  }

  /**
   * The same as `cogroup`, with up to three others and no choice of partitions.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "groupWith");
   * const ages = sc.parallelize([["ann", 7]] as [string, number][]);
   * const pets = sc.parallelize([["ann", "cat"]] as [string, string][]);
   * assert.deepEqual(await ages.groupWith(pets).collect(), [["ann", [[7], ["cat"]]]]);
   * await sc.stop();
   * ```
   */
  groupWith<K, V, W>(this: PairRDD<K, V>, other: PairRDD<K, W>): RDD<[K, [V[], W[]]]>;
  groupWith<K, V, W1, W2>(
    this: PairRDD<K, V>,
    other1: PairRDD<K, W1>,
    other2: PairRDD<K, W2>,
  ): RDD<[K, [V[], W1[], W2[]]]>;
  groupWith<K, V, W1, W2, W3>(
    this: PairRDD<K, V>,
    other1: PairRDD<K, W1>,
    other2: PairRDD<K, W2>,
    other3: PairRDD<K, W3>,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  groupWith<K>(this: PairRDD<K, unknown>, ...others: readonly PairRDD<K, unknown>[]): RDD<[K, unknown]> {
    return cogrouped(this, originOf(this, "groupWith"), others, undefined);
  }

  /**
   * The pairs whose keys the other one does not have; duplicates stay.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default this one's, or by hash into as many
   * partitions as this one has
   * @throws MR_BAD_ARGUMENT unless a number of partitions is an integer of at least 0; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "subtractByKey");
   * const ages = sc.parallelize([["ann", 7], ["eve", 5]] as [string, number][]);
   * const banned = sc.parallelize([["eve", "?"]] as [string, string][]);
   * assert.deepEqual(await ages.subtractByKey(banned).collect(), [["ann", 7]]);
   * await sc.stop();
   * ```
   */
  subtractByKey<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, V]> {
    const origin = originOf(this, "subtractByKey");
    return this.derive(subtracted(origin, this.plan, other.plan, partitioning));
  }
}
