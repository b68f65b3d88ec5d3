import { type Moments, StatCounter } from "../common/statistics/stat-counter.ts";
import * as builtins from "../task/builtins/index.ts";
import { evenEdges, histogramCounts } from "./histogram.ts";
import { originOf } from "./lineage.ts";
import { OrderedOperations } from "./ordered-operations.ts";
import type { RDD } from "./rdd.ts";
import { runAll } from "./run-action.ts";

/** What RDDs of numbers can do besides; on others these are type errors. */
export abstract class NumberOperations<T> extends OrderedOperations<T> {
  /**
   * The sum; 0 when there is no record.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sum");
   * assert.equal(await sc.parallelize([1, 2, 3]).sum(), 6);
   * await sc.stop();
   * ```
   */
  async sum(this: RDD<number>): Promise<number> {
    const sink = { kind: "partition", fn: builtins.sumNumbers } as const;
    const sums = (await runAll(this, sink, originOf(this, "sum"))) as number[];
    return sums.reduce((a, b) => a + b, 0);
  }

  /**
   * Count, mean, variance, greatest and least in one pass.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "stats");
   * const stats = await sc.parallelize([1, 2, 3, 4]).stats();
   * assert.deepEqual([stats.count, stats.mean, stats.max, stats.variance], [4, 2.5, 4, 1.25]);
   * await sc.stop();
   * ```
   */
  async stats(this: RDD<number>): Promise<StatCounter> {
    return statsOf(this, "stats");
  }

  /**
   * The arithmetic mean; 0 when there is no record.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "mean");
   * assert.equal(await sc.parallelize([1, 2, 6]).mean(), 3);
   * await sc.stop();
   * ```
   */
  async mean(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "mean")).mean;
  }

  /**
   * The variance of the records as the whole population; NaN when there is none.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "variance");
   * assert.equal(await sc.parallelize([1, 3]).variance(), 1);
   * await sc.stop();
   * ```
   */
  async variance(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "variance")).variance;
  }

  /**
   * The same as `variance`.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "popVariance");
   * assert.equal(await sc.parallelize([1, 3]).popVariance(), 1);
   * await sc.stop();
   * ```
   */
  async popVariance(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "popVariance")).popVariance;
  }

  /**
   * The variance of the records as a sample of a population; NaN when there are fewer than two.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sampleVariance");
   * assert.equal(await sc.parallelize([1, 3]).sampleVariance(), 2);
   * await sc.stop();
   * ```
   */
  async sampleVariance(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "sampleVariance")).sampleVariance;
  }

  /**
   * The standard deviation of the records as the whole population; NaN when there is none.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "stdev");
   * assert.equal(await sc.parallelize([1, 3]).stdev(), 1);
   * await sc.stop();
   * ```
   */
  async stdev(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "stdev")).stdev;
  }

  /**
   * The same as `stdev`.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "popStdev");
   * assert.equal(await sc.parallelize([1, 3]).popStdev(), 1);
   * await sc.stop();
   * ```
   */
  async popStdev(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "popStdev")).popStdev;
  }

  /**
   * The standard deviation of the records as a sample of a population; NaN when there are fewer than two.
   *
   * @throws MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sampleStdev");
   * assert.equal(await sc.parallelize([1, 3]).sampleStdev(), Math.SQRT2);
   * await sc.stop();
   * ```
   */
  async sampleStdev(this: RDD<number>): Promise<number> {
    return (await statsOf(this, "sampleStdev")).sampleStdev;
  }

  /**
   * How many numbers fall between the edges: each bucket holds its lower edge, the last one also its upper.
   * Numbers outside and NaN count nowhere; a last edge of NaN catches all the rest.
   *
   * @param buckets their edges, at least 2, in order and without duplicates
   * @param evenBuckets whether all have the same width, which is quicker; default false
   * @throws MR_BAD_ARGUMENT for other edges; MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "histogram");
   * const numbers = sc.parallelize([1, 2, 3, 5, 6]);
   * assert.deepEqual(await numbers.histogram([0, 5, 10]), [3, 2]);
   * const [edges, counts] = await numbers.histogram(2);
   * assert.deepEqual([edges, counts], [[1, 3.5, 6], [3, 2]]);
   * await sc.stop();
   * ```
   */
  histogram(this: RDD<number>, buckets: readonly number[], evenBuckets?: boolean): Promise<number[]>;
  /**
   * As many buckets of the same width between the least and the greatest number: `[edges, counts]`.
   *
   * @throws MR_BAD_ARGUMENT unless `count` is an integer of at least 1
   * @throws MR_NOT_FINITE when there is no number, or NaN or an infinite one
   */
  histogram(this: RDD<number>, count: number): Promise<[edges: number[], counts: number[]]>;
  async histogram(
    this: RDD<number>,
    buckets: number | readonly number[],
    evenBuckets = false,
  ): Promise<number[] | [number[], number[]]> {
    const origin = originOf(this, "histogram");
    if (typeof buckets !== "number") return histogramCounts(this, origin, buckets, evenBuckets);
    const edges = evenEdges(origin, await statsOf(this, "histogram"), buckets);
    return [edges, await histogramCounts(this, origin, edges, true)];
  }
}

async function statsOf(rdd: RDD<number>, operator: string): Promise<StatCounter> {
  const sink = { kind: "partition", fn: builtins.momentsOf } as const;
  const parts = (await runAll(rdd, sink, originOf(rdd, operator))) as Moments[];
  return parts.reduce((all, part) => all.mergeMoments(part), new StatCounter());
}
