import { type CallSite, captureCallSite, withCallSite } from "../../common/call-site.ts";
import type { DurationLike, Time } from "../../common/time/index.ts";
import {
  type AsyncFunction,
  type IndexedPartitionFunction,
  type MapAsyncOptions,
  mappingAsync,
  type PartitionFunction,
  type RDD,
} from "../../rdd/index.ts";
import { positiveMs } from "../duration-argument.ts";
import type { StreamingContext } from "../streaming-context.ts";
import { checkDriverFunction } from "./check-function.ts";
import { counted, reduced } from "./counted.ts";
import { filtered } from "./filtered.ts";
import { flatMapped } from "./flat-mapped.ts";
import { glommed } from "./glommed.ts";
import { mapPartitioned } from "./map-partitioned.ts";
import { mapPartitionedWithIndex } from "./map-partitioned-with-index.ts";
import { mapped } from "./mapped.ts";
import { snapshotted } from "./mapped-with-state.ts";
import type { Operator } from "./operator.ts";
import { StreamNode } from "./stream-node.ts";
import { transformed } from "./transformed.ts";
import { unioned } from "./unioned.ts";
import { WindowOperations } from "./window-operations.ts";

/**
 * A stream of data cut into batches: one `RDD` for every slide. Operations make new streams and run nothing;
 * output operations such as `print` and `foreachRDD` are what the context runs, once per batch.
 *
 * Functions given to operations run in tasks, maybe in another thread: they may capture plain data, other
 * functions and imports. Each is checked when the operation is declared (MR_CLOSURE_UNSHIPPABLE names the
 * variable). Every operation throws MR_STREAMING_STATE once the context was started.
 *
 * ```ts
 * import { Milliseconds, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "words", Milliseconds(20));
 * const counts = ssc
 *   .queueStream([["to be or", "not to be"]])
 *   .flatMap(line => line.split(" "))
 *   .map(word => [word, 1])
 *   .reduceByKey((a, b) => a + b);
 * const done = Promise.withResolvers<[string, number][]>();
 * counts.foreachRDD(async rdd => done.resolve(await rdd.collect()));
 * await ssc.start();
 * assert.deepEqual(new Map(await done.promise).get("be"), 2);
 * await ssc.stop();
 * ```
 */
export class DStream<T> extends WindowOperations<T> {
  /** Streams are made by `StreamingContext` and by operations; connectors use `derive` and `ssc.inputStream`. */
  constructor(
    context: StreamingContext,
    operator: Operator<T>,
    site: CallSite = captureCallSite(operator.kind),
  ) {
    super(context, new StreamNode(context.graph, operator, site));
  }

  override derive<U>(operator: Operator<U>, site: CallSite = captureCallSite(operator.kind)): DStream<U> {
    return new DStream(this.context, operator, site);
  }

  protected override deriveWithState<K, S, R>(
    mapping: StreamNode<R>,
    site: CallSite,
  ): MapWithStateDStream<K, S, R> {
    return new MapWithStateDStream<K, S, R>(this.context, mapping, site);
  }

  /**
   * Replaces every record by `f` of it; an `f` that answers with pairs makes a stream of pairs.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).map(n => [n, n * n]).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [[1, 1], [2, 4], [3, 9]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  map<K, V>(f: (record: T) => readonly [K, V]): DStream<[K, V]>;
  map<U>(f: (record: T) => U): DStream<U>;
  map<U>(f: (record: T) => U): DStream<U> {
    const site = this.checkedSite("map", f);
    return this.derive(mapped(this.node, f), site);
  }

  /**
   * Replaces every record by any number of others, in order.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to be", "or"]]).flatMap(line => line.split(" ")).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), ["to", "be", "or"]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  flatMap<K, V>(f: (record: T) => Iterable<readonly [K, V]>): DStream<[K, V]>;
  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U>;
  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    const site = this.checkedSite("flatMap", f);
    return this.derive(flatMapped(this.node, f), site);
  }

  /**
   * Keeps the records of which `f` says so.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).filter(n => n % 2 === 1).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [1, 3]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  filter<U extends T>(f: (record: T) => record is U): DStream<U>;
  filter(f: (record: T) => boolean): DStream<T>;
  filter(f: (record: T) => boolean): DStream<T> {
    const site = this.checkedSite("filter", f);
    return this.derive(filtered(this.node, f), site);
  }

  /**
   * Replaces every partition by `f` of its records; `f` may be a generator.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).mapPartitions(function* (numbers) {
   *   let sum = 0;
   *   for (const n of numbers) sum += n;
   *   yield sum;
   * }).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [6]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param preservePartitioning `f` leaves keys unchanged, so the partitioner stays; default `false`
   */
  mapPartitions<U>(f: PartitionFunction<T, U>, preservePartitioning = false): DStream<U> {
    const site = this.checkedSite("mapPartitions", f);
    return this.derive(mapPartitioned("mapPartitions", this.node, f, preservePartitioning), site);
  }

  /**
   * As `mapPartitions`; `f` is told the partition's index, from 0, first.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const numbers = ssc.queueStream([[1, 2, 3]]).repartition(1);
   * numbers.mapPartitionsWithIndex((index, part) => [`${index}: ${[...part]}`]).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), ["0: 1,2,3"]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param preservePartitioning `f` leaves keys unchanged, so the partitioner stays; default `false`
   */
  mapPartitionsWithIndex<U>(f: IndexedPartitionFunction<T, U>, preservePartitioning = false): DStream<U> {
    const site = this.checkedSite("mapPartitionsWithIndex", f);
    return this.derive(mapPartitionedWithIndex(this.node, f, preservePartitioning), site);
  }

  /**
   * Replaces every record by what a promise of it is fulfilled with: for look-ups in services and databases.
   * Up to `concurrency` records of a partition wait at once. A rejected promise fails the batch; the signal
   * given to `f` then tells the calls still under way.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { setTimeout } from "node:timers/promises";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc
   *   .queueStream([[3, 1, 2]])
   *   .mapAsync(async id => [id, await setTimeout(id, `user ${id}`)], { concurrency: 2 })
   *   .foreachRDD(async rdd => {
   *     assert.deepEqual(await rdd.collect(), [[3, "user 3"], [1, "user 1"], [2, "user 2"]]);
   *     void ssc.stop();
   *   });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param options `concurrency`, default 16; `ordered` (results in the order of records), default `true`
   * @throws MR_BAD_ARGUMENT when `concurrency` is no integer of at least 1
   */
  mapAsync<K, V>(f: AsyncFunction<T, readonly [K, V]>, options?: MapAsyncOptions): DStream<[K, V]>;
  mapAsync<U>(f: AsyncFunction<T, U>, options?: MapAsyncOptions): DStream<U>;
  mapAsync<U>(f: AsyncFunction<T, U>, options: MapAsyncOptions = {}): DStream<U> {
    const site = this.checkedSite("mapAsync", f);
    return this.derive(mapPartitioned("mapAsync", this.node, mappingAsync(f, options), false), site);
  }

  /**
   * Makes one array of every partition.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).glom().foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [[1, 2, 3]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  glom(): DStream<T[]> {
    return this.derive(glommed(this.node));
  }

  /**
   * Distributes the records of every batch anew over `numPartitions` partitions.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).repartition(4).foreachRDD(rdd => {
   *   assert.equal(rdd.getNumPartitions(), 4);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @throws MR_BAD_ARGUMENT when it is no positive integer
   */
  repartition(numPartitions: number): DStream<T> {
    return this.#ofRDD("repartition", rdd => rdd.repartition(numPartitions));
  }

  /**
   * The records of both streams, which must have the same slide (MR_STREAMING_DURATION) and context.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).union(ssc.queueStream([[4]])).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [1, 2, 3, 4]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  union(that: DStream<T>): DStream<T> {
    return this.derive(unioned(this.context.sparkContext, [this.node, that.node]));
  }

  /**
   * How many records each batch has: always one record, 0 for an empty batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).count().foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [3]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  count(): DStream<number> {
    return this.#ofRDD("count", counted);
  }

  /**
   * All records of a batch reduced to one; an empty batch has none.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).reduce((a, b) => a + b).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [6]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  reduce(f: (a: T, b: T) => T): DStream<T> {
    const site = this.checkedSite("reduce", f);
    return this.derive(reduced(this.node, f), site);
  }

  /**
   * How often each record occurs in a batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["a", "b", "a"]]).countByValue().foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["a", 2], ["b", 1]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param numPartitions default `sparkContext.defaultParallelism`
   */
  countByValue(numPartitions?: number): DStream<[T, number]> {
    return withCallSite(captureCallSite("countByValue"), () =>
      this.map<T, number>(record => [record, 1]).reduceByKey((a, b) => a + b, numPartitions),
    );
  }

  /**
   * Whatever `f` makes of each RDD. `f` runs on the driver while a batch is generated, so it sees variables
   * as they are then; what it throws loses the batch and ends `awaitTermination`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 1]]).transform(rdd => rdd.distinct()).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [1, 2]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  transform<U>(f: (rdd: RDD<T>, time: Time) => RDD<U>): DStream<U> {
    return this.#ofRDD("transform", f);
  }

  /**
   * As `transform`, of this stream's and another's RDD of the same batch; slides must be equal.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const banned = ssc.queueStream([[true, false]]);
   * ssc.queueStream([["eve", "bob"]]).transformWith(banned, (rdd, other) => rdd.zip(other)).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["eve", true], ["bob", false]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  transformWith<U, R>(that: DStream<U>, f: (rdd: RDD<T>, other: RDD<U>, time: Time) => RDD<R>): DStream<R> {
    const site = captureCallSite("transformWith");
    checkDriverFunction(f, "transformWith", site);
    const operator = transformed("transformWith", [this.node, that.node], ([rdd, other], time) =>
      f(rdd as RDD<T>, other as RDD<U>, time),
    );
    return this.derive(operator, site);
  }

  #ofRDD<U>(kind: string, f: (rdd: RDD<T>, time: Time) => RDD<U>): DStream<U> {
    const site = captureCallSite(kind);
    checkDriverFunction(f, kind, site);
    return this.derive(
      transformed(kind, [this.node], ([rdd], time) => f(rdd as RDD<T>, time)),
      site,
    );
  }
}

/**
 * What `mapWithState` makes: a stream of what the function answered, with the state behind it.
 *
 * ```ts
 * import { type State, StateSpec, StreamingContext } from "millrace";
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "example", "20ms");
 * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
 * const first = StateSpec.function((key: string, n: number | undefined, state: State<number>) => {
 *   const isNew = !state.exists();
 *   if (isNew) state.update(n ?? 0);
 *   return isNew;
 * });
 * const news = ssc.queueStream([["to", "be", "to"]]).map(word => [word, word.length]).mapWithState(first);
 * news.foreachRDD(async rdd => {
 *   assert.equal((await rdd.filter(isNew => isNew).count()), 2);
 *   void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * ```
 */
export class MapWithStateDStream<K, S, R> extends DStream<R> {
  readonly #mapping: StreamNode<R>;

  /** Made by `mapWithState`. */
  constructor(context: StreamingContext, mapping: StreamNode<R>, site: CallSite) {
    super(
      context,
      {
        kind: "mapWithState",
        parents: [mapping],
        slideMs: mapping.slideMs,
        compute: timeMs => mapping.getOrCompute(timeMs),
      },
      site,
    );
    this.#mapping = mapping;
  }

  /**
   * All keys with their states, every batch.
   *
   * ```ts
   * import { type State, StateSpec, StreamingContext } from "millrace";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const longest = StateSpec.function((key: string, n: number | undefined, state: State<number>) => {
   *   state.update(Math.max(state.getOption() ?? 0, n ?? 0));
   * });
   * ssc.queueStream([["to", "be", "or"]]).map(word => [word, word.length]).mapWithState(longest).stateSnapshots()
   *   .foreachRDD(async rdd => {
   *     assert.deepEqual((await rdd.collect()).sort(), [["be", 2], ["or", 2], ["to", 2]]);
   *     void ssc.stop();
   *   });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  stateSnapshots(): DStream<[K, S]> {
    return this.derive(snapshotted<K, S>(this.context.sparkContext, this.#mapping));
  }

  /** Milliseconds between checkpoints of the state, which are also when time-outs are looked for. */
  get stateCheckpointMs(): number {
    return this.#mapping.savesEveryMs ?? this.node.slideMs;
  }

  /** Checkpoints the state behind the stream every `interval`, instead of the default of 10 slides. */
  override checkpoint(interval: DurationLike): this {
    this.#mapping.setCheckpointInterval(positiveMs(interval, "The checkpoint interval", "checkpoint"));
    return this;
  }
}
