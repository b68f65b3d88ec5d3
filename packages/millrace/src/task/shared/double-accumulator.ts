import { AccumulatorV2 } from "./accumulator-v2.ts";

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
export class DoubleAccumulator extends AccumulatorV2<number, number> {
  private total = 0;
  private added = 0;

  /** Whether nothing was added yet, not even a 0. */
  override get isZero(): boolean {
    return this.total === 0 && this.added === 0;
  }

  /** The sum. */
  override get value(): number {
    return this.total;
  }

  /** The sum; 0 when empty. */
  get sum(): number {
    return this.total;
  }

  /** How many numbers were added. */
  get count(): number {
    return this.added;
  }

  /** The average; NaN when empty. */
  get avg(): number {
    return this.total / this.added;
  }

  override copy(): DoubleAccumulator {
    const copy = new DoubleAccumulator();
    copy.merge(this);
    return copy;
  }

  override reset(): void {
    this.total = 0;
    this.added = 0;
  }

  override add(value: number): void {
    this.total += value;
    this.added += 1;
  }

  override merge(other: DoubleAccumulator): void {
    this.total += other.sum;
    this.added += other.count;
  }
}
