import { type AnyFunction, unshippable } from "../closure/index.ts";
import { captureCallSite } from "../common/call-site.ts";
import { millraceError } from "../common/errors/index.ts";
import { compareKeys } from "../common/keys/index.ts";
import { driverFailure } from "../engine/index.ts";
import {
  cartesian,
  coalesce,
  localCheckpoint,
  type NarrowKind,
  narrow,
  type Origin,
  type Partitioner,
  type Partitioning,
  type PlanNode,
  PositionPartitioner,
  StorageLevel,
  shuffle,
  union,
  zipPartitions,
} from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { ownCombined } from "../task/own-combined.ts";
import type { Reduced } from "../task/spec.ts";
import { partitionerFor } from "./default-partitioner.ts";
import { saveAsTextFile } from "./save-as-text-file.ts";
import type { SparkContext } from "./spark-context.ts";

/** A function of a whole partition: it may be a generator, or async. */
export type PartitionFunction<T, U> = (
  records: Iterable<T>,
) => Iterable<U> | AsyncIterable<U> | Promise<Iterable<U>>;

/** An RDD of pairs: what `reduceByKey`, `join` and the like need. */
export type PairRDD<K, V> = RDD<readonly [K, V]>;

/** How many times more partitions `take` looks at when those before held too few records. */
const TAKE_SCALE_UP = 4;

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
export class RDD<T> {
  /** The context it belongs to; also `sparkContext`. */
  readonly context: SparkContext;
  /** How it is computed: plain data for the engine. */
  readonly plan: PlanNode;
  /** A name for people; none at first. */
  name: string | undefined;

  static {
    Object.defineProperty(RDD.prototype, unshippable, {
      value: {
        what: "an RDD",
        advice: "Tasks cannot use other RDDs: join them, or collect() the small one and capture the array.",
      },
    });
  }

  /** RDDs come from a `SparkContext` and from other RDDs. */
  constructor(context: SparkContext, plan: PlanNode) {
    this.context = context;
    this.plan = plan;
  }

  /** The context it belongs to; the same as `context`. */
  get sparkContext(): SparkContext {
    return this.context;
  }

  /** Unique in this process. */
  get id(): number {
    return this.plan.id;
  }

  /** Where keys are, when that is known. */
  get partitioner(): Partitioner | undefined {
    return this.plan.partitioner;
  }

  /**
   * Gives it a name for people. Answers the RDD itself.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setName");
   * assert.equal(sc.parallelize([1]).setName("ones").name, "ones");
   * await sc.stop();
   * ```
   */
  setName(name: string): this {
    this.name = name;
    return this;
  }

  /**
   * How many partitions it has.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getNumPartitions");
   * assert.equal(sc.parallelize([1, 2, 3], 2).getNumPartitions(), 2);
   * await sc.stop();
   * ```
   */
  getNumPartitions(): number {
    return this.plan.numPartitions;
  }

  // ---- record by record ----

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
    return this.#narrow("map", "map", f);
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
    return this.#narrow("filter", "filter", f, true);
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
    return this.#narrow("flatMap", "flatMap", f);
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
    return this.#narrow("keyBy", "map", (record: T): [K, T] => [f(record), record]);
  }

  // ---- partition by partition ----

  /**
   * What `f` makes of each partition as a whole: worth it when something costly is needed once per partition. `f` may
   * return any iterable, be a generator, or be async; records are pulled as it iterates.
   *
   * @param f called once per partition
   * @param preservesPartitioning whether `f` leaves keys where they are; default false
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "mapPartitions");
   * const sums = sc.parallelize([1, 2, 3, 4], 2).mapPartitions(function* (numbers) {
   *   let sum = 0;
   *   for (const n of numbers) sum += n;
   *   yield sum;
   * });
   * assert.deepEqual(await sums.collect(), [3, 7]);
   * await sc.stop();
   * ```
   */
  mapPartitions<U>(f: PartitionFunction<T, U>, preservesPartitioning = false): RDD<U> {
    return this.#narrow("mapPartitions", "mapPartitions", f, preservesPartitioning);
  }

  /**
   * As `mapPartitions`; `f` is told the partition's index, from 0, first.
   *
   * @param f called once per partition
   * @param preservesPartitioning whether `f` leaves keys where they are; default false
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "mapPartitionsWithIndex");
   * const tagged = sc.parallelize(["a", "b"], 2).mapPartitionsWithIndex((index, records) => [...records].map(r => `${index}${r}`));
   * assert.deepEqual(await tagged.collect(), ["0a", "1b"]);
   * await sc.stop();
   * ```
   */
  mapPartitionsWithIndex<U>(
    f: (index: number, records: Iterable<T>) => ReturnType<PartitionFunction<T, U>>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.#narrow("mapPartitionsWithIndex", "mapPartitionsWithIndex", f, preservesPartitioning);
  }

  /**
   * One array per partition.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "glom");
   * assert.deepEqual(await sc.parallelize([1, 2, 3], 2).glom().collect(), [[1], [2, 3]]);
   * await sc.stop();
   * ```
   */
  glom(): RDD<T[]> {
    return this.#narrow("glom", "mapPartitions", builtins.glom);
  }

  // ---- partitions and sets ----

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
    return this.#derive(union(this.#origin("union"), [this.plan, other.plan]));
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
    const origin = this.#origin("distinct");
    if (
      this.partitioner !== undefined &&
      (numPartitions ?? this.plan.numPartitions) === this.plan.numPartitions
    ) {
      // Equal pairs have equal keys: they are in one partition already.
      return this.#derive(narrow(origin, "mapPartitions", this.plan, builtins.distinctRecords, true));
    }
    const keyed = narrow(origin, "map", this.plan, builtins.asKey, false);
    const partitioner = partitionerFor(this.context, [this.plan], numPartitions ?? this.plan.numPartitions);
    const once = shuffle(origin, keyed, partitioner, {
      create: undefined,
      mergeValue: builtins.keepFirst,
      mergeCombiners: builtins.keepFirst,
      mapSideCombine: true,
    });
    return this.#derive(narrow(origin, "map", once, builtins.pairKey, false));
  }

  /**
   * Exactly `numPartitions` partitions of about the same size, by a shuffle: `coalesce(numPartitions, true)`.
   *
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is a positive integer; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "repartition");
   * const spread = sc.parallelize([1, 2, 3, 4], 1).repartition(2);
   * assert.deepEqual((await spread.glom().collect()).map(part => part.length), [2, 2]);
   * await sc.stop();
   * ```
   */
  repartition(numPartitions: number): RDD<T> {
    return this.coalesce(numPartitions, true);
  }

  /**
   * At most `numPartitions` partitions, by joining neighbours without moving records.
   *
   * @param numPartitions wanted; without a shuffle never more than there are
   * @param shuffled deal the records out anew, into exactly `numPartitions`; default false
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is a positive integer; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "coalesce");
   * const fewer = sc.parallelize([1, 2, 3, 4], 4).coalesce(2);
   * assert.deepEqual(await fewer.glom().collect(), [[1, 2], [3, 4]]);
   * await sc.stop();
   * ```
   */
  coalesce(numPartitions: number, shuffled = false): RDD<T> {
    const origin = this.#origin(shuffled ? "repartition" : "coalesce");
    if (!Number.isInteger(numPartitions) || numPartitions < 1) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `Number of partitions (${numPartitions}) must be positive.`,
        place(origin),
      );
    }
    if (!shuffled) return this.#derive(coalesce(origin, this.plan, numPartitions));
    const dealt = narrow(origin, "mapPartitionsWithIndex", this.plan, builtins.dealOut, false);
    const spread = shuffle(origin, dealt, new PositionPartitioner(numPartitions));
    return this.#derive(narrow(origin, "map", spread, builtins.pairValue, false));
  }

  /**
   * `f` of the partitions with the same index of several RDDs, which must have equally many.
   *
   * @param preservesPartitioning whether keys stay where this RDD has them; default false
   * @throws MR_BAD_ARGUMENT when the numbers of partitions differ
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "zipPartitions");
   * const left = sc.parallelize([1, 2], 2);
   * const merged = left.zipPartitions([left.map(n => n * 10)], (a, b) => [...a, ...b]);
   * assert.deepEqual(await merged.collect(), [1, 10, 2, 20]);
   * await sc.stop();
   * ```
   */
  zipPartitions<O extends readonly unknown[], U>(
    others: { readonly [I in keyof O]: RDD<O[I]> },
    f: (records: Iterable<T>, ...others: { [I in keyof O]: Iterable<O[I]> }) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.#zip("zipPartitions", others, f, preservesPartitioning);
  }

  /**
   * Pairs of records at the same position. Both must have the same number of partitions of the same sizes, as when one
   * is made from the other with `map`.
   *
   * @throws MR_BAD_ARGUMENT when the numbers of partitions differ; MR_CONTEXT_STOPPED
   * @throws MR_ZIP_UNEQUAL when an action meets partitions of different sizes
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "zip");
   * const letters = sc.parallelize(["a", "b"]);
   * assert.deepEqual(await letters.zip(letters.map(s => s + s)).collect(), [["a", "aa"], ["b", "bb"]]);
   * await sc.stop();
   * ```
   */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    return this.#zip("zip", [other], builtins.zipRecords, false);
  }

  /**
   * Every record of this one with every record of the other; partitions are multiplied.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cartesian");
   * const product = sc.parallelize([1, 2]).cartesian(sc.parallelize(["a"]));
   * assert.deepEqual(await product.collect(), [[1, "a"], [2, "a"]]);
   * await sc.stop();
   * ```
   */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    return this.#derive(cartesian(this.#origin("cartesian"), this.plan, other.plan));
  }

  // ---- pairs ----

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
    return this.#narrow("mapValues", "mapValues", f, true);
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
    return this.#narrow("flatMapValues", "flatMapValues", f, true);
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
    return this.#narrow("keys", "map", builtins.pairKey);
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
    return this.#narrow("values", "map", builtins.pairValue);
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
    const origin = this.#origin("reduceByKey", f);
    const aggregator = { create: undefined, mergeValue: f, mergeCombiners: f, mapSideCombine: true };
    return this.#shuffle(origin, partitioning, aggregator);
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
    return this.#shuffle(this.#origin("groupByKey"), partitioning, {
      create: builtins.listOf,
      mergeValue: builtins.appendTo,
      mergeCombiners: builtins.concatLists,
      mapSideCombine: false,
    });
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
    const origin = this.#origin("combineByKey", create, mergeValue, mergeCombiners);
    return this.#shuffle(origin, partitioning, { create, mergeValue, mergeCombiners, mapSideCombine });
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
    const origin = this.#origin("partitionBy");
    if (this.partitioner?.equals(partitioner) === true) return this as unknown as RDD<[K, V]>;
    return this.#derive(shuffle(origin, this.plan, partitioner));
  }

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
    const others = rest.filter(item => item instanceof RDD);
    const partitioning = rest.find(item => item !== undefined && !(item instanceof RDD)) as Partitioning;
    return this.#cogroup(this.#origin("cogroup"), others, partitioning);
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
    return this.#join("join", builtins.innerJoin, other, partitioning);
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
    return this.#join("leftOuterJoin", builtins.leftOuterJoin, other, partitioning);
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
    return this.#join("rightOuterJoin", builtins.rightOuterJoin, other, partitioning);
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
    return this.#join("fullOuterJoin", builtins.fullOuterJoin, other, partitioning);
  }

  // ---- keeping ----

  /**
   * Keeps the partitions once they are computed, until `unpersist` or until the program lets go of the RDD. What is
   * kept in a thread that dies is computed again.
   *
   * @param level default `StorageLevel.MEMORY_ONLY`
   * @throws MR_STORAGE_LEVEL when it has another level already
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "persist");
   * const kept = sc.parallelize([1, 2, 3]).map(() => Math.random()).persist(StorageLevel.MEMORY_ONLY);
   * assert.deepEqual(await kept.collect(), await kept.collect());
   * await sc.stop();
   * ```
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_ONLY): this {
    const current = this.plan.storageLevel;
    if (current.isValid && current !== level) {
      throw millraceError(
        "MR_STORAGE_LEVEL",
        "Cannot change storage level of an RDD after it was already assigned a level",
      );
    }
    this.plan.storageLevel = level;
    return this;
  }

  /**
   * `persist()`: keeps the partitions in memory once they are computed.
   *
   * @throws MR_STORAGE_LEVEL when it has another level already
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cache");
   * const kept = sc.parallelize([1, 2, 3]).map(() => Math.random()).cache();
   * assert.deepEqual(await kept.collect(), await kept.collect());
   * await sc.stop();
   * ```
   */
  cache(): this {
    return this.persist();
  }

  /**
   * Lets go of what is kept; the next action computes it again.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "unpersist");
   * const kept = sc.parallelize([1]).cache();
   * await kept.count();
   * assert.equal(kept.unpersist().getStorageLevel(), StorageLevel.NONE);
   * await sc.stop();
   * ```
   */
  unpersist(): this {
    this.plan.storageLevel = StorageLevel.NONE;
    this.context.unpersist(this.plan);
    return this;
  }

  /**
   * How it is kept; `StorageLevel.NONE` when it is not.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "getStorageLevel");
   * assert.equal(sc.parallelize([1]).cache().getStorageLevel(), StorageLevel.MEMORY_ONLY);
   * await sc.stop();
   * ```
   */
  getStorageLevel(): StorageLevel {
    return this.plan.storageLevel;
  }

  /**
   * The same records, kept in memory and, once all are computed, no longer remembering how: for chains of
   * RDDs that would grow for ever. What is kept is lost with the thread that keeps it.
   *
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_CHECKPOINT_LOST when an action needs a partition whose thread died
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "localCheckpoint");
   * let sum = sc.parallelize([1, 2]);
   * for (let round = 0; round < 3; round++) sum = sum.map(n => n + 1).localCheckpoint();
   * assert.deepEqual(await sum.collect(), [4, 5]);
   * await sc.stop();
   * ```
   */
  localCheckpoint(): RDD<T> {
    return this.#derive(localCheckpoint(this.#origin("localCheckpoint"), this.plan));
  }

  // ---- actions ----

  /**
   * All records, in order of partitions, as one array. They may be the very objects that are kept: do not change them.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "collect");
   * assert.deepEqual(await sc.range(0, 3).collect(), [0, 1, 2]);
   * await sc.stop();
   * ```
   */
  async collect(): Promise<T[]> {
    const parts = (await this.#run({ kind: "collect" }, this.#origin("collect"))) as T[][];
    return parts.length === 1 ? (parts[0] as T[]) : parts.flat();
  }

  /**
   * How many records there are.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "count");
   * assert.equal(await sc.parallelize(["a", "b"]).count(), 2);
   * await sc.stop();
   * ```
   */
  async count(): Promise<number> {
    const counts = (await this.#run({ kind: "count" }, this.#origin("count"))) as number[];
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * The first `limit` records. Looks at one partition first and then at four times as many each time, until it has enough.
   *
   * @param limit an integer of at least 0, or Infinity
   * @throws MR_BAD_ARGUMENT for another limit
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "take");
   * assert.deepEqual(await sc.parallelize([3, 1, 2], 2).take(2), [3, 1]);
   * await sc.stop();
   * ```
   */
  async take(limit: number): Promise<T[]> {
    return this.#take(limit, this.#origin("take"));
  }

  /**
   * The first record.
   *
   * @throws MR_EMPTY_COLLECTION when there is none
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "first");
   * assert.equal(await sc.parallelize(["x", "y"]).first(), "x");
   * await sc.stop();
   * ```
   */
  async first(): Promise<T> {
    const origin = this.#origin("first");
    const taken = await this.#take(1, origin);
    if (taken.length === 0) throw emptyCollection(origin);
    return taken[0] as T;
  }

  /**
   * Whether there is no record at all. Looks no further than to the first one.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "isEmpty");
   * assert.equal(await sc.parallelize([1]).filter(n => n > 1).isEmpty(), true);
   * await sc.stop();
   * ```
   */
  async isEmpty(): Promise<boolean> {
    return this.#isEmpty(this.#origin("isEmpty"));
  }

  /**
   * `f` of all records, two at a time: within each partition, then across them. `f` must be associative and
   * commutative; it may change and return its first argument.
   *
   * @throws MR_EMPTY_COLLECTION when there is no record
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "reduce");
   * assert.equal(await sc.parallelize([1, 2, 3]).reduce((a, b) => a + b), 6);
   * await sc.stop();
   * ```
   */
  async reduce(f: (a: T, b: T) => T): Promise<T> {
    const origin = this.#origin("reduce", f);
    const parts = ((await this.#run({ kind: "reduce", fn: f }, origin)) as Reduced[]).filter(
      part => part.has,
    );
    if (parts.length === 0) throw emptyCollection(origin);
    return onDriver(origin, () => parts.map(part => part.value as T).reduce((a, b) => f(a, b)));
  }

  /**
   * As `reduce`, starting from `zero` in each partition and once more when they are merged, so that `zero` should change
   * nothing. Each use of it gets a copy of its own.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` or `zero` holds what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "fold");
   * assert.equal(await sc.parallelize([1, 2, 3]).fold(0, (a, b) => a + b), 6);
   * assert.equal(await sc.parallelize<number>([]).fold(0, (a, b) => a + b), 0);
   * await sc.stop();
   * ```
   */
  async fold(zero: T, f: (a: T, b: T) => T): Promise<T> {
    return this.#aggregate(this.#origin("fold", f), zero, f, f);
  }

  /**
   * `addRecord` of `zero` and all records of a partition, then `merge` of `zero` and the partitions' results. Both
   * may change and return their first argument: each use of `zero` gets a copy of its own.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function or `zero` holds what cannot leave its
   * thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "aggregate");
   * const { sum, count } = await sc.parallelize([1, 2, 3]).aggregate(
   *   { sum: 0, count: 0 },
   *   (total, n) => ({ sum: total.sum + n, count: total.count + 1 }),
   *   (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
   * );
   * assert.equal(sum / count, 2);
   * await sc.stop();
   * ```
   */
  async aggregate<A>(zero: A, addRecord: (sum: A, record: T) => A, merge: (a: A, b: A) => A): Promise<A> {
    return this.#aggregate(this.#origin("aggregate", addRecord, merge), zero, addRecord, merge);
  }

  /**
   * Calls `f` for every record, where the record is: with worker threads not in this one. An async `f` is awaited, those
   * of a few thousand records together.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreach");
   * const seen: number[] = [];
   * await sc.parallelize([1, 2]).foreach(n => seen.push(n));
   * assert.deepEqual(seen, [1, 2]);
   * await sc.stop();
   * ```
   */
  async foreach(f: (record: T) => unknown): Promise<void> {
    await this.#run({ kind: "foreach", fn: f }, this.#origin("foreach", f));
  }

  /**
   * Calls `f` once per partition, where it is; an async `f` is awaited. The place to open one connection for many records.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreachPartition");
   * const sizes: number[] = [];
   * await sc.parallelize([1, 2, 3], 2).foreachPartition(async records => {
   *   sizes.push([...records].length);
   * });
   * assert.deepEqual(sizes, [1, 2]);
   * await sc.stop();
   * ```
   */
  async foreachPartition(f: (records: Iterable<T>) => unknown): Promise<void> {
    const origin = this.#origin("foreachPartition", f);
    const fn = async (records: Iterable<T>) => {
      await f(records);
    };
    await this.#run({ kind: "partition", fn }, origin);
  }

  /**
   * How often each record occurs, as a map. Records are compared by value; the map's keys are as a `Map` takes them.
   *
   * @throws MR_KEY_UNSUPPORTED for records that cannot be compared by value
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countByValue");
   * const counts = await sc.parallelize(["a", "b", "a"]).countByValue();
   * assert.equal(counts.get("a"), 2);
   * await sc.stop();
   * ```
   */
  async countByValue(): Promise<Map<T, number>> {
    const origin = this.#origin("countByValue");
    const ones = narrow(origin, "map", this.plan, builtins.withOne, false);
    return new Map(await new RDD<[T, number]>(this.context, ones).reduceByKey(builtins.add).collect());
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
    return this.#takeOrdered("takeOrdered", count, compare);
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
    return this.#takeOrdered("top", count, (a, b) => compare(b, a));
  }

  /**
   * Writes one line of UTF-8 per record, as `print()` shows it, to `part-00000` and so on in the directory `path`, and
   * then `_SUCCESS`. When a partition fails there is no `_SUCCESS`.
   *
   * @param path a directory, made with its parents; also as `file:` URL
   * @param options `overwrite`: replace what an earlier run left there; default false
   * @throws MR_PATH_EXISTS when the directory exists and is not to be overwritten; MR_IO
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, readdirSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "saveAsTextFile");
   * const folder = mkdtempSync(`${tmpdir()}/saved-`);
   * await sc.parallelize(["a", "b"], 1).saveAsTextFile(`${folder}/out`);
   * assert.deepEqual(readdirSync(`${folder}/out`).sort(), ["_SUCCESS", "part-00000"]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsTextFile(path: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    await saveAsTextFile(
      this.context,
      this.plan,
      path,
      options.overwrite === true,
      this.#origin("saveAsTextFile"),
    );
  }

  // ---- inside ----

  #derive<U>(plan: PlanNode): RDD<U> {
    return new RDD<U>(this.context, plan);
  }

  /** The operation and the user's line; functions that tasks will run are checked here, where they are declared. */
  #origin(operator: string, ...functions: readonly AnyFunction[]): Origin {
    this.context.assertRunning();
    const site = captureCallSite(operator);
    for (const fn of functions) this.context.checkFunction(fn, operator, site);
    return { operator, site };
  }

  #narrow<U>(operator: string, kind: NarrowKind, fn: AnyFunction, keepsKeys = false): RDD<U> {
    return this.#derive(narrow(this.#origin(operator, fn), kind, this.plan, fn, keepsKeys));
  }

  #zip<U>(operator: string, others: readonly RDD<unknown>[], fn: AnyFunction, keepsKeys: boolean): RDD<U> {
    const origin = this.#origin(operator, fn);
    if (others.some(other => other.plan.numPartitions !== this.plan.numPartitions)) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        "Can't zip RDDs with unequal numbers of partitions",
        place(origin),
      );
    }
    const plans = others.map(other => other.plan);
    const partitioner = keepsKeys ? this.plan.partitioner : undefined;
    return this.#derive(zipPartitions(origin, [this.plan, ...plans], fn, partitioner));
  }

  #shuffle<K, C>(
    origin: Origin,
    partitioning: Partitioning,
    aggregator: Parameters<typeof shuffle>[3],
  ): RDD<[K, C]> {
    const partitioner = partitionerFor(this.context, [this.plan], partitioning);
    return this.#derive(shuffle(origin, this.plan, partitioner, aggregator));
  }

  #cogroup<K, G>(
    origin: Origin,
    others: readonly RDD<never>[] | readonly RDD<unknown>[],
    partitioning: Partitioning,
  ): RDD<[K, G]> {
    const plans = [this.plan, ...others.map(other => other.plan)];
    const partitioner = partitionerFor(this.context, plans, partitioning);
    const [first, ...rest] = plans.map(plan => shuffle(origin, plan, partitioner));
    const parents = [first as PlanNode, ...rest] as const;
    return this.#derive(zipPartitions(origin, parents, builtins.cogroupPartitions, partitioner));
  }

  #join<K, J>(
    operator: string,
    sides: AnyFunction,
    other: RDD<never> | RDD<unknown>,
    partitioning: Partitioning,
  ): RDD<[K, J]> {
    const origin = this.#origin(operator);
    const grouped = this.#cogroup(origin, [other as RDD<unknown>], partitioning);
    return this.#derive(narrow(origin, "flatMapValues", grouped.plan, sides, true));
  }

  #run(sink: Parameters<SparkContext["runJob"]>[2], origin: Origin): Promise<unknown[]> {
    const partitions = Array.from({ length: this.plan.numPartitions }, (_, i) => i);
    return this.context.runJob(this.plan, partitions, sink, origin);
  }

  async #aggregate<A>(
    origin: Origin,
    zero: A,
    addRecord: (sum: A, record: T) => A,
    merge: (a: A, b: A) => A,
  ): Promise<A> {
    const sink = { kind: "reduce", fn: addRecord, zero: () => zero } as const;
    const parts = (await this.#run(sink, origin)) as Reduced[];
    return onDriver(origin, () => {
      let sum = ownCombined(zero) as A;
      for (const part of parts) sum = merge(sum, part.value as A);
      return sum;
    });
  }

  async #takeOrdered(operator: string, count: number, compare: (a: T, b: T) => number): Promise<T[]> {
    const origin = this.#origin(operator, compare);
    checkCount(origin, count);
    const fn = (records: Iterable<T>) => Array.from(records).sort(compare).slice(0, count);
    const parts = (await this.#run({ kind: "partition", fn }, origin)) as T[][];
    return onDriver(origin, () => parts.flat().sort(compare).slice(0, count));
  }

  async #take(limit: number, origin: Origin): Promise<T[]> {
    checkCount(origin, limit);
    const taken: T[] = [];
    let next = 0;
    for (let wanted = 1; next < this.plan.numPartitions && taken.length < limit; wanted *= TAKE_SCALE_UP) {
      const count = Math.min(wanted, this.plan.numPartitions - next);
      const partitions = Array.from({ length: count }, (_, i) => next + i);
      const sink = { kind: "take", limit: limit - taken.length } as const;
      const parts = (await this.context.runJob(this.plan, partitions, sink, origin)) as T[][];
      for (const part of parts) for (const record of part) if (taken.length < limit) taken.push(record);
      next += count;
    }
    return taken;
  }

  async #isEmpty(origin: Origin): Promise<boolean> {
    return (await this.#take(1, origin)).length === 0;
  }
}

function place(origin: Origin) {
  return { operator: origin.operator, ...(origin.site === undefined ? {} : { site: origin.site.text }) };
}

/** Runs functions of the user on the driver: what they throw becomes a coded error as in a task. */
function onDriver<R>(origin: Origin, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw driverFailure(origin, error);
  }
}

function checkCount(origin: Origin, count: number): void {
  if ((Number.isInteger(count) && count >= 0) || count === Number.POSITIVE_INFINITY) return;
  throw millraceError("MR_BAD_ARGUMENT", `a count of at least 0 was expected, got ${count}`, place(origin));
}

function emptyCollection(origin: Origin) {
  return millraceError("MR_EMPTY_COLLECTION", "empty collection", place(origin));
}
