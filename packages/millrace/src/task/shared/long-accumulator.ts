import { millraceError } from "../../common/errors/index.ts";
import { AccumulatorV2 } from "./accumulator-v2.ts";

/**
 * Adds integers up, with their count and average. Made by `sc.longAccumulator`.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "blanks");
 * const blanks = sc.longAccumulator("blank lines");
 * await sc.parallelize(["a", "", "b", ""]).foreach(line => {
 *   if (line === "") blanks.add(1);
 * });
 * assert.deepEqual([blanks.value, blanks.count], [2, 2]);
 * await sc.stop();
 * ```
 */
export class LongAccumulator extends AccumulatorV2<number, number> {
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

  override copy(): LongAccumulator {
    const copy = new LongAccumulator();
    copy.merge(this);
    return copy;
  }

  override reset(): void {
    this.total = 0;
    this.added = 0;
  }

  /** @throws MR_BAD_ARGUMENT unless `value` is an integer */
  override add(value: number): void {
    if (!Number.isInteger(value)) {
      throw millraceError("MR_BAD_ARGUMENT", `a LongAccumulator adds integers, got ${String(value)}`, {
        hint: "Use sc.doubleAccumulator() for other numbers.",
      });
    }
    this.total += value;
    this.added += 1;
  }

  override merge(other: LongAccumulator): void {
    this.total += other.sum;
    this.added += other.count;
  }
}
