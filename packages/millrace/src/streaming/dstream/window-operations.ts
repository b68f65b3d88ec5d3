import { captureCallSite, withCallSite } from "../../common/call-site.ts";
import type { DurationLike } from "../../common/time/index.ts";
import type { Partitioning, PartitioningOptions } from "../../plan/index.ts";
import { positiveMs } from "../duration-argument.ts";
import { toPartitioner } from "../partitioner-argument.ts";
import type { DStream } from "./dstream.ts";
import { reducedWindowed } from "./reduced-windowed.ts";
import { reducedByKey } from "./shuffled.ts";
import { StateOperations } from "./state-operations.ts";
import { windowed } from "./windowed.ts";

/** How the keys of an incremental window are partitioned, and which of them stay. */
export interface WindowOptions<K, V> extends PartitioningOptions {
  /** Keeps a key only while this says so of `[key, value]`; default: keys stay for ever. */
  readonly filterFunc?: (pair: [K, V]) => boolean;
}

/**
 * Operations on the last so many batches. `windowLength` and `slide` must be multiples of this stream's own
 * slide (MR_STREAMING_DURATION), which is also the default for `slide`.
 */
export abstract class WindowOperations<T> extends StateOperations<T> {
  /**
   * All records of the last `windowLength`, every `slide`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const seen: unknown[] = [];
   * ssc.queueStream([[1], [2], [3]]).window("40ms").foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 3) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 3), [[1], [1, 2], [2, 3]]);
   * ```
   */
  window(windowLength: DurationLike, slide: DurationLike = this.slideDuration): DStream<T> {
    const windowMs = positiveMs(windowLength, "The window duration", "window");
    const slideMs = positiveMs(slide, "The slide duration", "window");
    return this.derive(windowed(this.context.sparkContext, this.node, windowMs, slideMs));
  }

  /**
   * All records of a window reduced to one; an empty window has none.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const seen: unknown[] = [];
   * ssc.queueStream([[1], [2], [3]]).reduceByWindow((a, b) => a + b, "40ms", "20ms").foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 3) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 3), [[1], [3], [5]]);
   * ```
   */
  reduceByWindow(
    this: DStream<T>,
    f: (a: T, b: T) => T,
    windowLength: DurationLike,
    slide?: DurationLike,
  ): DStream<T>;
  /**
   * The same, from the last window's result: `inverse` takes out what has left. Needs `ssc.checkpoint`.
   */
  reduceByWindow(
    this: DStream<T>,
    f: (a: T, b: T) => T,
    inverse: (reduced: T, leaving: T) => T,
    windowLength: DurationLike,
    slide?: DurationLike,
  ): DStream<T>;
  reduceByWindow(
    this: DStream<T>,
    f: (a: T, b: T) => T,
    ...rest: WholeWindow | IncrementalWindow<number, T>
  ): DStream<T> {
    return withCallSite(this.checkedSite("reduceByWindow", f, ...rest.filter(isFunction)), () => {
      if (!isIncremental(rest)) return this.reduce(f).window(rest[0], rest[1]).reduce(f);
      const [inverse, windowLength, slide] = rest;
      return this.map<number, T>(record => [1, record])
        .reduceByKeyAndWindow(f, inverse, windowLength, slide, 1)
        .map<T>(pair => pair[1]);
    });
  }

  /**
   * How many records the window has. Needs `ssc.checkpoint`; silent until the first record ever, then one
   * number per slide, 0 included.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const seen: unknown[] = [];
   * ssc.queueStream([["a", "b"], ["c"]]).countByWindow("40ms", "20ms").foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 4) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 4), [[2], [3], [1], [0]]);
   * ```
   */
  countByWindow(this: DStream<T>, windowLength: DurationLike, slide?: DurationLike): DStream<number> {
    return withCallSite(captureCallSite("countByWindow"), () =>
      this.map<number>(() => 1).reduceByWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        windowLength,
        slide,
      ),
    );
  }

  /**
   * How often each record occurs in the window. Needs `ssc.checkpoint`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const seen: unknown[] = [];
   * ssc.queueStream([["a"], ["a"]]).countByValueAndWindow("40ms", "20ms").foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 4) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 4), [[["a", 1]], [["a", 2]], [["a", 1]], []]);
   * ```
   */
  countByValueAndWindow(
    this: DStream<T>,
    windowLength: DurationLike,
    slide?: DurationLike,
    partitioning?: Partitioning,
  ): DStream<[T, number]> {
    return withCallSite(captureCallSite("countByValueAndWindow"), () =>
      this.map<T, number>(record => [record, 1]).reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        windowLength,
        slide,
        partitioning,
        pair => pair[1] !== 0,
      ),
    );
  }

  /**
   * Brings the values of each key of a window together, oldest batch first.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const seen: unknown[] = [];
   * ssc.queueStream([[1], [3]])
   *   .map(n => [n % 2 === 0 ? "even" : "odd", n])
   *   .groupByKeyAndWindow("40ms")
   *   .foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 2), [[["odd", [1]]], [["odd", [1, 3]]]]);
   * ```
   */
  groupByKeyAndWindow<K, V>(
    this: DStream<[K, V]>,
    windowLength: DurationLike,
    slide?: DurationLike,
    partitioning?: Partitioning,
  ): DStream<[K, V[]]> {
    return withCallSite(captureCallSite("groupByKeyAndWindow"), () =>
      this.groupByKey(partitioning)
        .window(windowLength, slide)
        .combineByKey<K, V[], V[]>(
          group => [...group],
          (all, group) => {
            for (const value of group) all.push(value);
            return all;
          },
          (all, more) => {
            for (const value of more) all.push(value);
            return all;
          },
          partitioning,
          false,
        ),
    );
  }

  /**
   * Reduces the values of each key of a window to one.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const seen: unknown[] = [];
   * ssc.queueStream([["a"], ["a"]])
   *   .map(word => [word, 1])
   *   .reduceByKeyAndWindow((a, b) => a + b, "40ms", "20ms")
   *   .foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 3) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 3), [[["a", 1]], [["a", 2]], [["a", 1]]]);
   * ```
   */
  reduceByKeyAndWindow<K, V>(
    this: DStream<[K, V]>,
    f: (a: V, b: V) => V,
    windowLength: DurationLike,
    slide?: DurationLike,
    partitioning?: Partitioning,
  ): DStream<[K, V]>;
  /**
   * The same, from the last window's result: `inverse` takes out what has left, so a window costs what
   * entered and left. Needs `ssc.checkpoint`. Keys stay for ever, with a value such as 0, unless a filter
   * drops them.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const seen: unknown[] = [];
   * ssc.queueStream([["a"], ["a"]])
   *   .map(word => [word, 1])
   *   .reduceByKeyAndWindow((a, b) => a + b, (a, b) => a - b, "40ms", "20ms", {
   *     filterFunc: ([, count]) => count !== 0,
   *   })
   *   .foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 4) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 4), [[["a", 1]], [["a", 2]], [["a", 1]], []]);
   * ```
   */
  reduceByKeyAndWindow<K, V>(
    this: DStream<[K, V]>,
    f: (a: V, b: V) => V,
    inverse: (reduced: V, leaving: V) => V,
    windowLength: DurationLike,
    slide?: DurationLike,
    partitioning?: Partitioning | WindowOptions<K, V>,
    filterFunc?: (pair: [K, V]) => boolean,
  ): DStream<[K, V]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<[K, V]>,
    f: (a: V, b: V) => V,
    ...rest: WholeWindow | IncrementalWindow<K, V>
  ): DStream<[K, V]> {
    if (!isIncremental(rest)) {
      const [windowLength, slide, partitioning] = rest;
      return withCallSite(this.checkedSite("reduceByKeyAndWindow", f), () =>
        this.reduceByKey(f, partitioning).window(windowLength, slide).reduceByKey(f, partitioning),
      );
    }
    const [inverse, windowLength, slide = this.slideDuration, last, filterFunc = filterOf(last)] = rest;
    const functions = filterFunc === undefined ? [f, inverse] : [f, inverse, filterFunc];
    const site = this.checkedSite("reduceByKeyAndWindow", ...functions);
    const windowMs = positiveMs(windowLength, "The window duration", "reduceByKeyAndWindow");
    const slideMs = positiveMs(slide, "The slide duration", "reduceByKeyAndWindow");
    return withCallSite(site, () => {
      const { sparkContext } = this.context;
      const partitioner = toPartitioner(sparkContext, last, ["filterFunc"]);
      const reduced = this.derive(reducedByKey(this.node, f, partitioner));
      const reduction = { reduce: f, inverse, filter: filterFunc };
      return this.derive(
        reducedWindowed(sparkContext, reduced.node, reduction, partitioner, windowMs, slideMs),
      );
    });
  }
}

type WholeWindow = [
  windowLength: DurationLike,
  slide?: DurationLike | undefined,
  partitioning?: Partitioning | undefined,
];
type IncrementalWindow<K, V> = [
  inverse: (reduced: V, leaving: V) => V,
  windowLength: DurationLike,
  slide?: DurationLike | undefined,
  partitioning?: Partitioning | WindowOptions<K, V> | undefined,
  filterFunc?: ((pair: [K, V]) => boolean) | undefined,
];

function isFunction(argument: unknown): boolean {
  return typeof argument === "function";
}

function isIncremental<K, V>(rest: WholeWindow | IncrementalWindow<K, V>): rest is IncrementalWindow<K, V> {
  return typeof rest[0] === "function";
}

function filterOf<K, V>(last: Partitioning | WindowOptions<K, V>): WindowOptions<K, V>["filterFunc"] {
  return typeof last === "object" && "filterFunc" in last ? last.filterFunc : undefined;
}
