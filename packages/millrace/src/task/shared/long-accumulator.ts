import { millraceError } from "../../common/errors/index.ts";
import { SumAccumulator } from "./sum-accumulator.ts";

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
export class LongAccumulator extends SumAccumulator {
  override copy(): LongAccumulator {
    const copy = new LongAccumulator();
    copy.merge(this);
    return copy;
  }

  /** @throws MR_BAD_ARGUMENT unless `value` is an integer */
  override add(value: number): void {
    if (!Number.isInteger(value)) {
      throw millraceError("MR_BAD_ARGUMENT", `a LongAccumulator adds integers, got ${String(value)}`, {
        hint: "Use sc.doubleAccumulator() for other numbers.",
      });
    }
    super.add(value);
  }
}
