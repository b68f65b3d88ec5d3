import { emptyRegisters, precisionFor } from "../common/sketches/hyper-log-log.ts";
import { narrow, type Partitioner, type Partitioning, shuffle } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { aggregatorFrom, narrowed, originOf, shuffled } from "./lineage.ts";
import { PairActions } from "./pair-actions.ts";
import type { PairRDD, RDD } from "./rdd.ts";

/**
 * What RDDs of `[key, value]` pairs can do besides; on others these are type errors. Keys compare by value.
 * `partitioning` is a number of partitions, a `Partitioner` or options.
 */
export abstract class PairOperations<T> extends PairActions<T> {
  /**
   * `f` of every value; keys stay as and where they are.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR when an action meets a record that is no pair
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "mapValues");
   * const lengths = sc.parallelize([["a", "xyz"]] as [string, string][]).mapValues(text => text.length);
   * assert.deepEqual(await lengths.collect(), [["a", 3]]);
   * await sc.stop();
   * ```
   */
  mapValues<K, V, U>(this: PairRDD<K, V>, f: (value: V) => U): RDD<[K, U]> {
    return narrowed(this, "mapValues", "mapValues", f, true);
  }

  /**
   * All that `f` returns for every value, each with the key; keys stay where they are.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR when an action meets a record that is no pair
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "flatMapValues");
   * const letters = sc.parallelize([["k", "ab"]] as [string, string][]).flatMapValues(text => [...text]);
   * assert.deepEqual(await letters.collect(), [["k", "a"], ["k", "b"]]);
   * await sc.stop();
   * ```
   */
  flatMapValues<K, V, U>(this: PairRDD<K, V>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    return narrowed(this, "flatMapValues", "flatMapValues", f, true);
  }

  /**
   * The key of every pair.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "keys");
   * const pairs = sc.parallelize(["x", "yy"]).map(word => [word, word.length]);
   * assert.deepEqual(await pairs.keys().collect(), ["x", "yy"]);
   * await sc.stop();
   * ```
   */
  keys<K, V>(this: PairRDD<K, V>): RDD<K> {
    return narrowed(this, "keys", "map", builtins.pairKey);
  }

  /**
   * The value of every pair.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "values");
   * const pairs = sc.parallelize(["x", "yy"]).map(word => [word, word.length]);
   * assert.deepEqual(await pairs.values().collect(), [1, 2]);
   * await sc.stop();
   * ```
   */
  values<K, V>(this: PairRDD<K, V>): RDD<V> {
    return narrowed(this, "values", "map", builtins.pairValue);
  }

  /**
   * One value per key: `f` of all of them, two at a time, first within each partition. `f` must be associative and
   * commutative; it may change and return its first argument, not its second.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "reduceByKey");
   * const counts = sc.parallelize(["a", "b", "a"]).map(word => [word, 1]).reduceByKey((a, b) => a + b);
   * assert.deepEqual(await counts.collect(), [["a", 2], ["b", 1]]);
   * await sc.stop();
   * ```
   */
  reduceByKey<K, V>(this: PairRDD<K, V>, f: (a: V, b: V) => V, partitioning?: Partitioning): RDD<[K, V]> {
    const origin = originOf(this, "reduceByKey", f);
    const aggregator = { create: undefined, mergeValue: f, mergeCombiners: f, mapSideCombine: true };
    return shuffled(this, origin, partitioning, aggregator);
  }

  /**
   * All values of each key, in no particular order beyond that of their partition. To combine values `reduceByKey`
   * is cheaper: it does not move them all.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "groupByKey");
   * const groups = sc.parallelize([1, 2, 3]).map(n => [n % 2, n]).groupByKey();
   * assert.deepEqual((await groups.collect()).sort(), [[0, [2]], [1, [1, 3]]]);
   * await sc.stop();
   * ```
   */
  groupByKey<K, V>(this: PairRDD<K, V>, partitioning?: Partitioning): RDD<[K, V[]]> {
    return shuffled(this, originOf(this, "groupByKey"), partitioning, builtins.groupValues);
  }

  /**
   * One combined value per key: `create` of its first value, then `mergeValue` for further ones in the same
   * partition, then `mergeCombiners` across partitions. The last two may change and return their first argument.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash
   * into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @param mapSideCombine combine within each partition before the shuffle; default true
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "combineByKey");
   * const lists = sc.parallelize([1, 2, 3], 2).map(n => ["all", n]).combineByKey(
   *   n => [n],
   *   (list, n) => [...list, n],
   *   (a, b) => [...a, ...b],
   * );
   * assert.deepEqual(await lists.collect(), [["all", [1, 2, 3]]]);
   * await sc.stop();
   * ```
   */
  combineByKey<K, V, C>(
    this: PairRDD<K, V>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    partitioning?: Partitioning,
    mapSideCombine = true,
  ): RDD<[K, C]> {
    const origin = originOf(this, "combineByKey", create, mergeValue, mergeCombiners);
    return shuffled(this, origin, partitioning, { create, mergeValue, mergeCombiners, mapSideCombine });
  }

  /**
   * One combined value per key: `addValue` of `zero` and every value within each partition, then `merge` across
   * partitions. Both may change and return their first argument: each key gets a copy of `zero`.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function or `zero` holds what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "aggregateByKey");
   * const longest = sc.parallelize(["a", "bb", "ccc"]).map(word => [word.length % 2, word]).aggregateByKey(
   *   0,
   *   (most, word) => Math.max(most, word.length),
   *   (a, b) => Math.max(a, b),
   * );
   * assert.deepEqual((await longest.collect()).sort(), [[0, 2], [1, 3]]);
   * await sc.stop();
   * ```
   */
  aggregateByKey<K, V, A>(
    this: PairRDD<K, V>,
    zero: A,
    addValue: (sum: A, value: V) => A,
    merge: (a: A, b: A) => A,
    partitioning?: Partitioning,
  ): RDD<[K, A]> {
    const origin = originOf(this, "aggregateByKey", addValue, merge);
    return shuffled(this, origin, partitioning, aggregatorFrom(zero, addValue, merge));
  }

  /**
   * As `aggregateByKey`, with one function for both.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default: that of an input, or by hash into
   * `spark.default.parallelism` or as many partitions as the largest input has
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` or `zero` holds what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foldByKey");
   * const sums = sc.parallelize([1, 2, 3]).map(n => ["all", n]).foldByKey(0, (a, b) => a + b);
   * assert.deepEqual(await sums.collect(), [["all", 6]]);
   * await sc.stop();
   * ```
   */
  foldByKey<K, V>(
    this: PairRDD<K, V>,
    zero: V,
    f: (a: V, b: V) => V,
    partitioning?: Partitioning,
  ): RDD<[K, V]> {
    const origin = originOf(this, "foldByKey", f);
    return shuffled(this, origin, partitioning, aggregatorFrom(zero, f, f));
  }

  /**
   * About how many distinct values each key has, by a sketch of fixed size per key (HyperLogLog).
   *
   * @param relativeSD the relative standard deviation of the counts; default 0.05, smaller takes more memory
   * @throws MR_BAD_ARGUMENT for a deviation below about 0.002; MR_CONTEXT_STOPPED
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED when an action meets such a record
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countApproxDistinctByKey");
   * const visits = sc.parallelize([["home", "ann"], ["home", "bob"], ["home", "ann"]] as [string, string][]);
   * assert.deepEqual(await visits.countApproxDistinctByKey().collect(), [["home", 2]]);
   * await sc.stop();
   * ```
   */
  countApproxDistinctByKey<K, V>(
    this: PairRDD<K, V>,
    relativeSD = 0.05,
    partitioning?: Partitioning,
  ): RDD<[K, number]> {
    const origin = originOf(this, "countApproxDistinctByKey");
    const zero = emptyRegisters(precisionFor(relativeSD));
    const aggregator = aggregatorFrom(zero, builtins.withDistinct, builtins.mergeDistinct);
    const sketches = shuffled(this, origin, partitioning, aggregator);
    return this.derive(narrow(origin, "mapValues", sketches.plan, builtins.distinctEstimate, true));
  }

  /**
   * The same pairs, each in the partition its key belongs to; this RDD itself when they are there already.
   *
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_PARTITIONER when an action runs and the partitioner answers something else than one of its
   * partitions
   *
   * ```ts
   * import assert from "node:assert";
   * import { HashPartitioner, SparkContext } from "millrace";
   * const sc = new SparkContext("local", "partitionBy");
   * const placed = sc.parallelize(["a", "b"]).map(word => [word, 1]).partitionBy(new HashPartitioner(3));
   * assert.equal(placed.getNumPartitions(), 3);
   * assert.equal(placed.partitionBy(new HashPartitioner(3)), placed);
   * await sc.stop();
   * ```
   */
  partitionBy<K, V>(this: PairRDD<K, V>, partitioner: Partitioner): RDD<[K, V]> {
    const origin = originOf(this, "partitionBy");
    if (this.partitioner?.equals(partitioner) === true) return this as unknown as RDD<[K, V]>;
    return this.derive(shuffle(origin, this.plan, partitioner));
  }
}
