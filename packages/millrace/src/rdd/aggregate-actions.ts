import { compareKeys } from "../common/keys/index.ts";
import { narrow } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import type { Reduced } from "../task/spec.ts";
import { originOf } from "./lineage.ts";
import { aggregated, emptyCollection, onDriver, orderedFirst, runAll } from "./run-action.ts";
import { ScanActions } from "./scan-actions.ts";

/** Actions that make one value of all records. */
export abstract class AggregateActions<T> extends ScanActions<T> {
  /**
   * `f` of all records, two at a time: within each partition, then across them. `f` must be associative and
   * commutative; it may change and return its first argument.
   *
   * @throws MR_EMPTY_COLLECTION when there is no record
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "reduce");
   * assert.equal(await sc.parallelize([1, 2, 3]).reduce((a, b) => a + b), 6);
   * await sc.stop();
   * ```
   */
  async reduce(f: (a: T, b: T) => T): Promise<T> {
    const origin = originOf(this, "reduce", f);
    const parts = ((await runAll(this, { kind: "reduce", fn: f }, origin)) as Reduced[]).filter(
      part => part.has,
    );
    if (parts.length === 0) throw emptyCollection(origin);
    return onDriver(origin, () => parts.map(part => part.value as T).reduce((a, b) => f(a, b)));
  }

  /**
   * As `reduce`, starting from `zero` in each partition and once more when they are merged, so that `zero` should change
   * nothing. Each use of it gets a copy of its own.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` or `zero` holds what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "fold");
   * assert.equal(await sc.parallelize([1, 2, 3]).fold(0, (a, b) => a + b), 6);
   * assert.equal(await sc.parallelize<number>([]).fold(0, (a, b) => a + b), 0);
   * await sc.stop();
   * ```
   */
  async fold(zero: T, f: (a: T, b: T) => T): Promise<T> {
    return aggregated(this, originOf(this, "fold", f), zero, f, f);
  }

  /**
   * `addRecord` of `zero` and all records of a partition, then `merge` of `zero` and the partitions' results. Both
   * may change and return their first argument: each use of `zero` gets a copy of its own.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function or `zero` holds what cannot leave its
   * thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "aggregate");
   * const { sum, count } = await sc.parallelize([1, 2, 3]).aggregate(
   *   { sum: 0, count: 0 },
   *   (total, n) => ({ sum: total.sum + n, count: total.count + 1 }),
   *   (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
   * );
   * assert.equal(sum / count, 2);
   * await sc.stop();
   * ```
   */
  async aggregate<A>(zero: A, addRecord: (sum: A, record: T) => A, merge: (a: A, b: A) => A): Promise<A> {
    return aggregated(this, originOf(this, "aggregate", addRecord, merge), zero, addRecord, merge);
  }

  /**
   * How often each record occurs, as a map. Records are compared by value; the map's keys are as a `Map` takes them.
   *
   * @throws MR_KEY_UNSUPPORTED for records that cannot be compared by value
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countByValue");
   * const counts = await sc.parallelize(["a", "b", "a"]).countByValue();
   * assert.equal(counts.get("a"), 2);
   * await sc.stop();
   * ```
   */
  async countByValue(): Promise<Map<T, number>> {
    const origin = originOf(this, "countByValue");
    const ones = narrow(origin, "map", this.plan, builtins.withOne, false);
    return new Map(await this.derive<[T, number]>(ones).reduceByKey(builtins.add).collect());
  }

  /**
   * The `count` least records, in order.
   *
   * @param count an integer of at least 0, or Infinity
   * @param compare as for `Array.prototype.sort`; default: numbers by size, texts by code units, arrays part
   * by part
   * @throws MR_BAD_ARGUMENT for another count; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "takeOrdered");
   * assert.deepEqual(await sc.parallelize([3, 1, 2]).takeOrdered(2), [1, 2]);
   * await sc.stop();
   * ```
   */
  async takeOrdered(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return orderedFirst(this, "takeOrdered", count, compare);
  }

  /**
   * The `count` greatest records, greatest first.
   *
   * @param count an integer of at least 0, or Infinity
   * @param compare as for `Array.prototype.sort`; default: numbers by size, texts by code units, arrays part
   * by part
   * @throws MR_BAD_ARGUMENT for another count; MR_KEY_UNSUPPORTED for records without an order
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "top");
   * assert.deepEqual(await sc.parallelize([3, 1, 2]).top(2), [3, 2]);
   * await sc.stop();
   * ```
   */
  async top(count: number, compare: (a: T, b: T) => number = compareKeys): Promise<T[]> {
    return orderedFirst(this, "top", count, (a, b) => compare(b, a));
  }
}
