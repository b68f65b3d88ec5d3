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
import { type Partitioning, partitionerFor } from "./default-partitioner.ts";
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

  setName(name: string): this {
    this.name = name;
    return this;
  }

  getNumPartitions(): number {
    return this.plan.numPartitions;
  }

  // ---- record by record ----

  /** `f` of every record. A function that returns a pair makes an RDD of pairs. */
  map<K, V>(f: (record: T) => readonly [K, V]): RDD<[K, V]>;
  map<U>(f: (record: T) => U): RDD<U>;
  map<U>(f: (record: T) => U): RDD<U> {
    return this.#narrow("map", "map", f);
  }

  /** The records `f` says yes to. Keys stay where they are. */
  filter<S extends T>(f: (record: T) => record is S): RDD<S>;
  filter(f: (record: T) => unknown): RDD<T>;
  filter(f: (record: T) => unknown): RDD<T> {
    return this.#narrow("filter", "filter", f, true);
  }

  /** All that `f` returns for every record, which may be any iterable. */
  flatMap<K, V>(f: (record: T) => Iterable<readonly [K, V]>): RDD<[K, V]>;
  flatMap<U>(f: (record: T) => Iterable<U>): RDD<U>;
  flatMap<U>(f: (record: T) => Iterable<U>): RDD<U> {
    return this.#narrow("flatMap", "flatMap", f);
  }

  /** `[f(record), record]`. */
  keyBy<K>(f: (record: T) => K): RDD<[K, T]> {
    return this.#narrow("keyBy", "map", (record: T): [K, T] => [f(record), record]);
  }

  // ---- partition by partition ----

  /**
   * What `f` makes of each partition as a whole.
   *
   * @param preservesPartitioning whether `f` leaves keys where they are; default false
   */
  mapPartitions<U>(f: PartitionFunction<T, U>, preservesPartitioning = false): RDD<U> {
    return this.#narrow("mapPartitions", "mapPartitions", f, preservesPartitioning);
  }

  /** As `mapPartitions`; `f` is told the partition's index first. */
  mapPartitionsWithIndex<U>(
    f: (index: number, records: Iterable<T>) => ReturnType<PartitionFunction<T, U>>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.#narrow("mapPartitionsWithIndex", "mapPartitionsWithIndex", f, preservesPartitioning);
  }

  /** One array per partition. */
  glom(): RDD<T[]> {
    return this.#narrow("glom", "mapPartitions", builtins.glom);
  }

  // ---- partitions and sets ----

  /** This one's records and then the other's; duplicates stay. */
  union(other: RDD<T>): RDD<T> {
    return this.#derive(union(this.#origin("union"), [this.plan, other.plan]));
  }

  /** Every record once. */
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

  /** Exactly `numPartitions` partitions of about the same size, by a shuffle. */
  repartition(numPartitions: number): RDD<T> {
    return this.coalesce(numPartitions, true);
  }

  /**
   * At most `numPartitions` partitions, by joining neighbours; with `shuffled` exactly that many.
   *
   * @throws MR_BAD_ARGUMENT unless `numPartitions` is positive
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
   * @throws MR_BAD_ARGUMENT when they have not
   */
  zipPartitions<O extends readonly unknown[], U>(
    others: { readonly [I in keyof O]: RDD<O[I]> },
    f: (records: Iterable<T>, ...others: { [I in keyof O]: Iterable<O[I]> }) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.#zip("zipPartitions", others, f, preservesPartitioning);
  }

  /** Pairs of records at the same position. Both must have the same partitions of the same sizes. */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    return this.#zip("zip", [other], builtins.zipRecords, false);
  }

  /** Every record of this one with every record of the other. */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    return this.#derive(cartesian(this.#origin("cartesian"), this.plan, other.plan));
  }

  // ---- pairs ----

  /** `f` of every value; keys stay where they are. */
  mapValues<K, V, U>(this: PairRDD<K, V>, f: (value: V) => U): RDD<[K, U]> {
    return this.#narrow("mapValues", "mapValues", f, true);
  }

  /** All that `f` returns for every value, with the key. */
  flatMapValues<K, V, U>(this: PairRDD<K, V>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    return this.#narrow("flatMapValues", "flatMapValues", f, true);
  }

  keys<K, V>(this: PairRDD<K, V>): RDD<K> {
    return this.#narrow("keys", "map", builtins.pairKey);
  }

  values<K, V>(this: PairRDD<K, V>): RDD<V> {
    return this.#narrow("values", "map", builtins.pairValue);
  }

  /** One value per key: `f` of all of them, two at a time. `f` must be associative and commutative. */
  reduceByKey<K, V>(this: PairRDD<K, V>, f: (a: V, b: V) => V, partitioning?: Partitioning): RDD<[K, V]> {
    const origin = this.#origin("reduceByKey", f);
    const aggregator = { create: undefined, mergeValue: f, mergeCombiners: f, mapSideCombine: true };
    return this.#shuffle(origin, partitioning, aggregator);
  }

  /** All values of each key; those of one partition keep their order. */
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
   * partition, then `mergeCombiners` across partitions.
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

  /** The same pairs, each in the partition its key belongs to. */
  partitionBy<K, V>(this: PairRDD<K, V>, partitioner: Partitioner): RDD<[K, V]> {
    const origin = this.#origin("partitionBy");
    if (this.partitioner?.equals(partitioner) === true) return this as unknown as RDD<[K, V]>;
    return this.#derive(shuffle(origin, this.plan, partitioner));
  }

  /** For every key of either side, the values of each. */
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

  /** Every pair of values that share a key. */
  join<K, V, W>(this: PairRDD<K, V>, other: PairRDD<K, W>, partitioning?: Partitioning): RDD<[K, [V, W]]> {
    return this.#join("join", builtins.innerJoin, other, partitioning);
  }

  /** As `join`; keys without a value on the right keep `undefined` there. */
  leftOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V, W | undefined]]> {
    return this.#join("leftOuterJoin", builtins.leftOuterJoin, other, partitioning);
  }

  /** As `join`; keys without a value on the left keep `undefined` there. */
  rightOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V | undefined, W]]> {
    return this.#join("rightOuterJoin", builtins.rightOuterJoin, other, partitioning);
  }

  /** As `join`; keys of either side alone keep `undefined` for the other. */
  fullOuterJoin<K, V, W>(
    this: PairRDD<K, V>,
    other: PairRDD<K, W>,
    partitioning?: Partitioning,
  ): RDD<[K, [V | undefined, W | undefined]]> {
    return this.#join("fullOuterJoin", builtins.fullOuterJoin, other, partitioning);
  }

  // ---- keeping ----

  /**
   * Keeps the partitions once they are computed.
   *
   * @param level default `StorageLevel.MEMORY_ONLY`
   * @throws MR_STORAGE_LEVEL when it has another level already
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

  /** `persist()`. */
  cache(): this {
    return this.persist();
  }

  /** Lets go of what is kept. */
  unpersist(): this {
    this.plan.storageLevel = StorageLevel.NONE;
    this.context.unpersist(this.plan);
    return this;
  }

  getStorageLevel(): StorageLevel {
    return this.plan.storageLevel;
  }

  /**
   * The same records, kept in memory and, once all are computed, no longer remembering how: for chains of
   * RDDs that would grow for ever. What is kept is lost with the thread that keeps it.
   */
  localCheckpoint(): RDD<T> {
    return this.#derive(localCheckpoint(this.#origin("localCheckpoint"), this.plan));
  }

  // ---- actions ----

  /** All records, in order of partitions. */
  async collect(): Promise<T[]> {
    const parts = (await this.#run({ kind: "collect" }, this.#origin("collect"))) as T[][];
    return parts.length === 1 ? (parts[0] as T[]) : parts.flat();
  }

  async count(): Promise<number> {
    const counts = (await this.#run({ kind: "count" }, this.#origin("count"))) as number[];
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** The first `limit` records; looks at no more partitions than it needs. */
  async take(limit: number): Promise<T[]> {
    return this.#take(limit, this.#origin("take"));
  }

  /**
   * The first record.
   *
   * @throws MR_EMPTY_COLLECTION when there is none
   */
  async first(): Promise<T> {
    const origin = this.#origin("first");
    const taken = await this.#take(1, origin);
    if (taken.length === 0) throw emptyCollection(origin);
    return taken[0] as T;
  }

  async isEmpty(): Promise<boolean> {
    return this.#isEmpty(this.#origin("isEmpty"));
  }

  /**
   * `f` of all records, two at a time. `f` must be associative and commutative.
   *
   * @throws MR_EMPTY_COLLECTION when there is none
   */
  async reduce(f: (a: T, b: T) => T): Promise<T> {
    const origin = this.#origin("reduce", f);
    const parts = ((await this.#run({ kind: "reduce", fn: f }, origin)) as Reduced[]).filter(
      part => part.has,
    );
    if (parts.length === 0) throw emptyCollection(origin);
    return onDriver(origin, () => parts.map(part => part.value as T).reduce((a, b) => f(a, b)));
  }

  /** As `reduce`, starting from `zero` in each partition and once more when they are merged. */
  async fold(zero: T, f: (a: T, b: T) => T): Promise<T> {
    return this.#aggregate(this.#origin("fold", f), zero, f, f);
  }

  /**
   * `addRecord` of `zero` and all records of a partition, then `merge` of `zero` and the partitions' results.
   * Each use of `zero` gets a copy of its own.
   */
  async aggregate<A>(zero: A, addRecord: (sum: A, record: T) => A, merge: (a: A, b: A) => A): Promise<A> {
    return this.#aggregate(this.#origin("aggregate", addRecord, merge), zero, addRecord, merge);
  }

  /** Calls `f` for every record, where the record is; an async `f` is awaited. */
  async foreach(f: (record: T) => unknown): Promise<void> {
    await this.#run({ kind: "foreach", fn: f }, this.#origin("foreach", f));
  }

  /** Calls `f` once per partition; an async `f` is awaited. */
  async foreachPartition(f: (records: Iterable<T>) => unknown): Promise<void> {
    const origin = this.#origin("foreachPartition", f);
    const fn = async (records: Iterable<T>) => {
      await f(records);
    };
    await this.#run({ kind: "partition", fn }, origin);
  }

  /** How often each record occurs, as a map. */
  async countByValue(): Promise<Map<T, number>> {
    const origin = this.#origin("countByValue");
    const ones = narrow(origin, "map", this.plan, builtins.withOne, false);
    return new Map(await new RDD<[T, number]>(this.context, ones).reduceByKey(builtins.add).collect());
  }

  /** The `count` least records, in order. */
  async takeOrdered(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return this.#takeOrdered("takeOrdered", count, compare);
  }
  /** The `count` greatest records, greatest first. */
  async top(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return this.#takeOrdered("top", count, (a, b) => compare(b, a));
  }

  /**
   * Writes one line per record to `part-00000` and so on in the directory `path`, and then `_SUCCESS`.
   *
   * @param options `overwrite`: replace what is there; default false
   * @throws MR_PATH_EXISTS when the directory exists
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
