import { SumAccumulator } from "./sum-accumulator.ts";

/**
 * Adds numbers up, with their count and average. Made by `sc.doubleAccumulator`.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "seconds");
 * const seconds = sc.doubleAccumulator("seconds");
 * await sc.parallelize([0.5, 1]).foreach(x => seconds.add(x));
 * assert.deepEqual([seconds.sum, seconds.avg], [1.5, 0.75]);
 * await sc.stop();
 * ```
 */
export class DoubleAccumulator extends SumAccumulator {
  override copy(): DoubleAccumulator {
    const copy = new DoubleAccumulator();
    copy.merge(this);
    return copy;
  }
}
