import { type CallSite, captureCallSite, withCallSite } from "../../common/call-site.ts";
import type { Partitioning } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import { toPartitioner } from "../partitioner-argument.ts";
import type { DStream } from "./dstream.ts";
import { flatMapValued } from "./flat-map-valued.ts";
import { mapValued } from "./map-valued.ts";
import { OutputOperations } from "./output-operations.ts";
import { partitioned } from "./partitioned.ts";
import { combinedByKey, groupedByKey, reducedByKey } from "./shuffled.ts";
import { transformed } from "./transformed.ts";

/**
 * What streams of `[key, value]` pairs can do besides; on other streams these are type errors. Keys compare
 * by value. `partitioning` is a number of partitions, a `Partitioner` or options, by default a `HashPartitioner` of
 * `sparkContext.defaultParallelism` partitions.
 */
export abstract class PairOperations<T> extends OutputOperations<T> {
  /**
   * Brings the values of each key of a batch together.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]])
   *   .map(n => [n % 2 === 0 ? "even" : "odd", n])
   *   .groupByKey()
   *   .foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["odd", [1, 3]], ["even", [2]]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  groupByKey<K, V>(this: DStream<[K, V]>, partitioning?: Partitioning): DStream<[K, V[]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return this.derive(groupedByKey(this.node, partitioner));
  }

  /**
   * Reduces the values of each key of a batch to one.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be", "to"]])
   *   .map(word => [word, 1])
   *   .reduceByKey((a, b) => a + b)
   *   .foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["to", 2], ["be", 1]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  reduceByKey<K, V>(
    this: DStream<[K, V]>,
    f: (a: V, b: V) => V,
    partitioning?: Partitioning,
  ): DStream<[K, V]> {
    const site = this.checkedSite("reduceByKey", f);
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return this.derive(reducedByKey(this.node, f, partitioner), site);
  }

  /**
   * Combines the values of each key of a batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]])
   *   .map(n => [n % 2 === 0 ? "even" : "odd", n])
   *   .combineByKey(n => ({ sum: n, count: 1 }), (all, n) => ({ sum: all.sum + n, count: all.count + 1 }),
   *     (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }))
   *   .mapValues(({ sum, count }) => sum / count)
   *   .foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["odd", 2], ["even", 2]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param create makes a combined value of the first value of a key
   * @param mergeValue adds a value
   * @param mergeCombiners joins two combined values
   * @param mapSideCombine whether to combine before the shuffle too; default `true`
   */
  combineByKey<K, V, C>(
    this: DStream<[K, V]>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    partitioning?: Partitioning,
    mapSideCombine = true,
  ): DStream<[K, C]> {
    const site = this.checkedSite("combineByKey", create, mergeValue, mergeCombiners);
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    const combiner = { create, mergeValue, mergeCombiners, mapSideCombine };
    return this.derive(combinedByKey(this.node, combiner, partitioner), site);
  }

  /**
   * Brings every pair to the partition of its key, so that what follows need not shuffle.
   *
   * ```ts
   * import { HashPartitioner, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).map(n => [n % 2, n]).partitionBy(new HashPartitioner(4)).foreachRDD(rdd => {
   *   assert.equal(rdd.getNumPartitions(), 4);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  partitionBy<K, V>(this: DStream<[K, V]>, partitioning: Partitioning): DStream<[K, V]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return this.derive(partitioned(this.node, partitioner));
  }

  /**
   * Replaces every value, keys and their places stay.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["a"]])
   *   .map(word => [word, 1])
   *   .mapValues(n => n * 100)
   *   .foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["a", 100]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  mapValues<K, V, W>(this: DStream<[K, V]>, f: (value: V) => W): DStream<[K, W]> {
    const site = this.checkedSite("mapValues", f);
    return this.derive(mapValued(this.node, f), site);
  }

  /**
   * Replaces every value by any number of others under the same key.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["a"]])
   *   .map(word => [word, 2])
   *   .flatMapValues(n => [n, n + 1])
   *   .foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [["a", 2], ["a", 3]]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  flatMapValues<K, V, W>(this: DStream<[K, V]>, f: (value: V) => Iterable<W>): DStream<[K, W]> {
    const site = this.checkedSite("flatMapValues", f);
    return this.derive(flatMapValued(this.node, f), site);
  }

  /**
   * For every key in either stream: all values here and all values there, of the same batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const ages = ssc.queueStream([["ann", "bob"]]).map(name => [name, name === "ann" ? 31 : 42]);
   * const towns = ssc.queueStream([["ann", "eve"]]).map(name => [name, name === "ann" ? "Oslo" : "Rome"]);
   * ages.cogroup(towns).foreachRDD(async rdd => {
   *   assert.deepEqual(new Map(await rdd.collect()), new Map([["ann", [[31], ["Oslo"]]], ["bob", [[42], []]], ["eve", [[], ["Rome"]]]]));
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  cogroup<K, V, W>(
    this: DStream<[K, V]>,
    that: DStream<[K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V[], W[]]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return joined("cogroup", this, that, (rdd, other) => rdd.cogroup(other, partitioner));
  }

  /**
   * Every pair of values of a key, of the same batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const ages = ssc.queueStream([["ann", "bob"]]).map(name => [name, name === "ann" ? 31 : 42]);
   * const towns = ssc.queueStream([["ann", "eve"]]).map(name => [name, name === "ann" ? "Oslo" : "Rome"]);
   * ages.join(towns).foreachRDD(async rdd => {
   *   assert.deepEqual(new Map(await rdd.collect()), new Map([["ann", [31, "Oslo"]]]));
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  join<K, V, W>(
    this: DStream<[K, V]>,
    that: DStream<[K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V, W]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return joined("join", this, that, (rdd, other) => rdd.join(other, partitioner));
  }

  /**
   * As `join`, with `undefined` for a key that the other stream lacks.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const ages = ssc.queueStream([["ann", "bob"]]).map(name => [name, name === "ann" ? 31 : 42]);
   * const towns = ssc.queueStream([["ann", "eve"]]).map(name => [name, name === "ann" ? "Oslo" : "Rome"]);
   * ages.leftOuterJoin(towns).foreachRDD(async rdd => {
   *   assert.deepEqual(new Map(await rdd.collect()), new Map([["ann", [31, "Oslo"]], ["bob", [42, undefined]]]));
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  leftOuterJoin<K, V, W>(
    this: DStream<[K, V]>,
    that: DStream<[K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V, W | undefined]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return joined("leftOuterJoin", this, that, (rdd, other) => rdd.leftOuterJoin(other, partitioner));
  }

  /**
   * As `join`, with `undefined` for a key that this stream lacks.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const ages = ssc.queueStream([["ann", "bob"]]).map(name => [name, name === "ann" ? 31 : 42]);
   * const towns = ssc.queueStream([["ann", "eve"]]).map(name => [name, name === "ann" ? "Oslo" : "Rome"]);
   * ages.rightOuterJoin(towns).foreachRDD(async rdd => {
   *   assert.deepEqual(new Map(await rdd.collect()), new Map([["ann", [31, "Oslo"]], ["eve", [undefined, "Rome"]]]));
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  rightOuterJoin<K, V, W>(
    this: DStream<[K, V]>,
    that: DStream<[K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V | undefined, W]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return joined("rightOuterJoin", this, that, (rdd, other) => rdd.rightOuterJoin(other, partitioner));
  }

  /**
   * As `join`, with `undefined` for a key that either stream lacks.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const ages = ssc.queueStream([["ann", "bob"]]).map(name => [name, name === "ann" ? 31 : 42]);
   * const towns = ssc.queueStream([["ann", "eve"]]).map(name => [name, name === "ann" ? "Oslo" : "Rome"]);
   * ages.fullOuterJoin(towns).foreachRDD(async rdd => {
   *   assert.deepEqual(new Map(await rdd.collect()), new Map([
   *     ["ann", [31, "Oslo"]],
   *     ["bob", [42, undefined]],
   *     ["eve", [undefined, "Rome"]],
   *   ]));
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  fullOuterJoin<K, V, W>(
    this: DStream<[K, V]>,
    that: DStream<[K, W]>,
    partitioning?: Partitioning,
  ): DStream<[K, [V | undefined, W | undefined]]> {
    const partitioner = toPartitioner(this.context.sparkContext, partitioning);
    return joined("fullOuterJoin", this, that, (rdd, other) => rdd.fullOuterJoin(other, partitioner));
  }
}

function joined<K, V, W, R>(
  kind: string,
  left: DStream<[K, V]>,
  right: DStream<[K, W]>,
  f: (left: RDD<[K, V]>, right: RDD<[K, W]>) => RDD<R>,
): DStream<R> {
  const site: CallSite = captureCallSite(kind);
  const operator = withCallSite(site, () =>
    transformed(kind, [left.node, right.node], ([rdd, other]) => f(rdd as RDD<[K, V]>, other as RDD<[K, W]>)),
  );
  return left.derive(operator, site);
}
