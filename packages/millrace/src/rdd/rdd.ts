import { narrow, type Partitioning, type PlanNode } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { narrowed, originOf, shuffled } from "./lineage.ts";
import { SetOperations } from "./set-operations.ts";

/** A function of a whole partition: it may be a generator, or async. */
export type PartitionFunction<T, U> = (
  records: Iterable<T>,
) => Iterable<U> | AsyncIterable<U> | Promise<Iterable<U>>;

/** As `PartitionFunction`, told first which partition it is, from 0. */
export type IndexedPartitionFunction<T, U> = (
  index: number,
  records: Iterable<T>,
) => ReturnType<PartitionFunction<T, U>>;

/** An RDD of pairs: what `reduceByKey`, `join` and the like need. */
export type PairRDD<K, V> = RDD<readonly [K, V]>;

/**
 * A collection in partitions, described by how it is computed (its lineage) and computed when an action
 * needs it. Transformations return at once; actions return promises.
 *
 * ```ts
 * import { SparkContext } from "millrace";
 * import assert from "node:assert";
 * const sc = new SparkContext("local", "words");
 * const counts = sc.parallelize(["a b", "a"])
 *   .flatMap(line => line.split(" "))
 *   .map(word => [word, 1])
 *   .reduceByKey((a, b) => a + b);
 * assert.deepEqual(await counts.collect(), [["a", 2], ["b", 1]]);
 * await sc.stop();
 * ```
 */
export class RDD<T> extends SetOperations<T> {
  /**
   * An RDD of the same context with another plan: the way every operation makes one.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "derive");
   * const numbers = sc.parallelize([1, 2]);
   * assert.deepEqual(await numbers.derive<number>(numbers.plan).collect(), [1, 2]);
   * await sc.stop();
   * ```
   */
  override derive<U>(plan: PlanNode): RDD<U> {
    return new RDD<U>(this.context, plan);
  }

  /**
   * `f` of every record. A function that returns a pair makes an RDD of pairs.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "map");
   * const doubled = sc.parallelize([1, 2, 3]).map(n => n * 2);
   * assert.deepEqual(await doubled.collect(), [2, 4, 6]);
   * await sc.stop();
   * ```
   */
  map<K, V>(f: (record: T) => readonly [K, V]): RDD<[K, V]>;
  map<U>(f: (record: T) => U): RDD<U>;
  map<U>(f: (record: T) => U): RDD<U> {
    return narrowed(this, "map", "map", f);
  }

  /**
   * The records `f` says yes to. Keys stay where they are; a type predicate narrows the records' type.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "filter");
   * const even = sc.parallelize([1, 2, 3, 4]).filter(n => n % 2 === 0);
   * assert.deepEqual(await even.collect(), [2, 4]);
   * await sc.stop();
   * ```
   */
  filter<S extends T>(f: (record: T) => record is S): RDD<S>;
  filter(f: (record: T) => unknown): RDD<T>;
  filter(f: (record: T) => unknown): RDD<T> {
    return narrowed(this, "filter", "filter", f, true);
  }

  /**
   * All that `f` returns for every record, which may be any iterable, a generator's too.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_BAD_ARGUMENT when an action runs and `f` returned nothing that can be iterated
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "flatMap");
   * const words = sc.parallelize(["a b", "", "c"]).flatMap(line => line.split(" ").filter(word => word !== ""));
   * assert.deepEqual(await words.collect(), ["a", "b", "c"]);
   * await sc.stop();
   * ```
   */
  flatMap<K, V>(f: (record: T) => Iterable<readonly [K, V]>): RDD<[K, V]>;
  flatMap<U>(f: (record: T) => Iterable<U>): RDD<U>;
  flatMap<U>(f: (record: T) => Iterable<U>): RDD<U> {
    return narrowed(this, "flatMap", "flatMap", f);
  }

  /**
   * `[f(record), record]`: makes pairs by a key computed from each record.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "keyBy");
   * const byLength = sc.parallelize(["a", "bb"]).keyBy(word => word.length);
   * assert.deepEqual(await byLength.collect(), [[1, "a"], [2, "bb"]]);
   * await sc.stop();
   * ```
   */
  keyBy<K>(f: (record: T) => K): RDD<[K, T]> {
    const origin = originOf(this, "keyBy", f);
    return this.derive(narrow(origin, "map", this.plan, (record: T) => [f(record), record], false));
  }

  /**
   * `[key, records]` for every key that `f` gives. To combine records `reduceByKey` is cheaper: it does not move
   * them all.
   *
   * @param partitioning a number of partitions or a `Partitioner`; default by hash into
   * `spark.default.parallelism` or as many partitions as there are
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_KEY_UNSUPPORTED when an action meets such a key
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "groupBy");
   * const groups = sc.parallelize([1, 2, 3]).groupBy(n => (n % 2 === 0 ? "even" : "odd"));
   * assert.deepEqual(await groups.collect(), [["odd", [1, 3]], ["even", [2]]]);
   * await sc.stop();
   * ```
   */
  groupBy<K>(f: (record: T) => K, partitioning?: Partitioning): RDD<[K, T[]]> {
    const origin = originOf(this, "groupBy", f);
    const keyed = narrow(origin, "map", this.plan, (record: T) => [f(record), record], false);
    return shuffled(this.derive<[K, T]>(keyed), origin, partitioning, builtins.groupValues);
  }
}
