import { AccumulatorV2 } from "./accumulator-v2.ts";

/**
 * Gathers values; their order is that in which tasks end. Made by `sc.collectionAccumulator`.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "bad lines");
 * const bad = sc.collectionAccumulator<string>("bad lines");
 * await sc.parallelize(["1", "x", "2"]).foreach(line => {
 *   if (Number.isNaN(Number(line))) bad.add(line);
 * });
 * assert.deepEqual(bad.value, ["x"]);
 * await sc.stop();
 * ```
 */
export class CollectionAccumulator<T> extends AccumulatorV2<T, readonly T[]> {
  private values: T[] = [];

  override get isZero(): boolean {
    return this.values.length === 0;
  }

  /** What was added, as an array of its own. */
  override get value(): readonly T[] {
    return this.values.slice();
  }

  override copy(): CollectionAccumulator<T> {
    const copy = new CollectionAccumulator<T>();
    copy.merge(this);
    return copy;
  }

  override reset(): void {
    this.values = [];
  }

  override add(value: T): void {
    this.values.push(value);
  }

  override merge(other: CollectionAccumulator<T>): void {
    for (const value of other.values) this.values.push(value);
  }
}
