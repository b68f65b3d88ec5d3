import type { AnyFunction } from "../closure/index.ts";
import { millraceError } from "../common/errors/index.ts";
import { cartesian, coalesce, narrow, PositionPartitioner, shuffle } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { narrowed, originOf, placeOf, zipped } from "./lineage.ts";
import { type AsyncFunction, type MapAsyncOptions, mappingAsync } from "./map-async.ts";
import { type PipeOptions, piped } from "./piped.ts";
import type { IndexedPartitionFunction, PartitionFunction, RDD } from "./rdd.ts";
import { SamplingOperations } from "./sampling-operations.ts";
import { withIndex, withUniqueId } from "./zip-with-index.ts";

/** Operations that see or arrange whole partitions. */
export abstract class PartitionOperations<T> extends SamplingOperations<T> {
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
    return narrowed(this, "mapPartitions", "mapPartitions", f, preservesPartitioning);
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
  mapPartitionsWithIndex<U>(f: IndexedPartitionFunction<T, U>, preservesPartitioning = false): RDD<U> {
    return narrowed(this, "mapPartitionsWithIndex", "mapPartitionsWithIndex", f, preservesPartitioning);
  }

  /**
   * Replaces every record by what a promise of it is fulfilled with: for look-ups in services and databases.
   * Up to `concurrency` records of a partition wait at once, and no record is taken before there is room for
   * it. A rejected promise fails the task; the signal given to `f` then tells the calls still under way.
   *
   * @param f called once per record; one that answers with pairs makes an RDD of pairs
   * @param options `concurrency`, default 16; `ordered`, default true
   * @throws MR_BAD_ARGUMENT when `concurrency` is no integer of at least 1
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { setTimeout } from "node:timers/promises";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "mapAsync");
   * const users = sc
   *   .parallelize([3, 1, 2])
   *   .mapAsync(async id => [id, await setTimeout(id, `user ${id}`)], { concurrency: 2 });
   * assert.deepEqual(await users.collect(), [[3, "user 3"], [1, "user 1"], [2, "user 2"]]);
   * await sc.stop();
   * ```
   */
  mapAsync<K, V>(f: AsyncFunction<T, readonly [K, V]>, options?: MapAsyncOptions): RDD<[K, V]>;
  mapAsync<U>(f: AsyncFunction<T, U>, options?: MapAsyncOptions): RDD<U>;
  mapAsync<U>(f: AsyncFunction<T, U>, options: MapAsyncOptions = {}): RDD<U> {
    const origin = originOf(this, "mapAsync", f);
    return this.derive(narrow(origin, "mapPartitions", this.plan, mappingAsync(f, options), false));
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
    return narrowed(this, "glom", "mapPartitions", builtins.glom);
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
    const origin = originOf(this, shuffled ? "repartition" : "coalesce");
    if (!Number.isInteger(numPartitions) || numPartitions < 1) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `Number of partitions (${numPartitions}) must be positive.`,
        placeOf(origin),
      );
    }
    if (!shuffled) return this.derive(coalesce(origin, this.plan, numPartitions));
    const dealt = narrow(origin, "mapPartitionsWithIndex", this.plan, builtins.dealOut, false);
    const spread = shuffle(origin, dealt, new PositionPartitioner(numPartitions));
    return this.derive(narrow(origin, "map", spread, builtins.pairValue, false));
  }

  /**
   * `f` of the partitions with the same index of several RDDs, which must have equally many.
   *
   * @param others another RDD, or a list of them
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
  zipPartitions<O, U>(
    other: RDD<O>,
    f: (records: Iterable<T>, others: Iterable<O>) => Iterable<U>,
    preservesPartitioning?: boolean,
  ): RDD<U>;
  zipPartitions<O extends readonly unknown[], U>(
    others: { readonly [I in keyof O]: RDD<O[I]> },
    f: (records: Iterable<T>, ...others: { [I in keyof O]: Iterable<O[I]> }) => Iterable<U>,
    preservesPartitioning?: boolean,
  ): RDD<U>;
  zipPartitions<U>(
    others: RDD<unknown> | readonly RDD<unknown>[],
    f: AnyFunction,
    preservesPartitioning = false,
  ): RDD<U> {
    const list = (Array.isArray(others) ? others : [others]) as readonly RDD<unknown>[];
    return zipped(this, "zipPartitions", list, f, preservesPartitioning);
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
    return zipped(this, "zip", [other], builtins.zipRecords, false);
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
    return this.derive(cartesian(originOf(this, "cartesian"), this.plan, other.plan));
  }

  /**
   * `[record, index]`, counted from 0 in order of partitions. With several partitions the first action counts
   * their records before.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "zipWithIndex");
   * const numbered = sc.parallelize(["a", "b", "c"], 2).zipWithIndex();
   * assert.deepEqual(await numbered.collect(), [["a", 0], ["b", 1], ["c", 2]]);
   * await sc.stop();
   * ```
   */
  zipWithIndex(): RDD<[T, number]> {
    return withIndex(this, originOf(this, "zipWithIndex"));
  }

  /**
   * `[record, id]` with ids that are unique, though not without gaps: item i of partition k of n gets k + i·n.
   * Needs no counting.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "zipWithUniqueId");
   * const numbered = sc.parallelize(["a", "b", "c"], 2).zipWithUniqueId();
   * assert.deepEqual(await numbered.collect(), [["a", 0], ["b", 1], ["c", 3]]);
   * await sc.stop();
   * ```
   */
  zipWithUniqueId(): RDD<[T, number]> {
    return withUniqueId(this, originOf(this, "zipWithUniqueId"));
  }

  /**
   * The lines a command writes when it is given the records of a partition as lines: one process per partition.
   *
   * @param command a program and its arguments, as a list or as text cut at spaces (no shell)
   * @param options `env`: variables added to those of the process; `cwd`: where it runs; `writeRecord(record,
   * write)`: what becomes of a record, by default its text as `print()` shows it; `writeBefore(write)`: lines that
   * come first; `encoding` of its lines, default "utf8"
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function captures what cannot leave its thread;
   * MR_CONTEXT_STOPPED
   * @throws MR_PIPE_FAILED when an action runs and the command cannot be started or ends with another status than 0
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "pipe");
   * assert.deepEqual(await sc.parallelize(["b", "a"], 1).pipe("sort").collect(), ["a", "b"]);
   * await sc.stop();
   * ```
   */
  pipe(command: string | readonly string[], options: PipeOptions<T> = {}): RDD<string> {
    const functions = [options.writeRecord, options.writeBefore].filter(fn => fn !== undefined);
    return piped(this, originOf(this, "pipe", ...functions), command, options);
  }
}
