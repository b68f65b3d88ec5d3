import { narrow } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { ownCombined } from "../task/own-combined.ts";
import { type ActionOptions, withOptions } from "./action-options.ts";
import { AsyncActions } from "./async-actions.ts";
import { originOf } from "./lineage.ts";
import { mergedInTree } from "./merged-in-tree.ts";
import { aggregated, reduced } from "./run-action.ts";

/** Actions that make one value of all records. */
export abstract class AggregateActions<T> extends AsyncActions<T> {
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
  async reduce(f: (a: T, b: T) => T, options: ActionOptions = {}): Promise<T> {
    return withOptions(this.context, options, () => reduced(this, originOf(this, "reduce", f), f));
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
   * As `reduce`, in several rounds: partial results are merged where the data is before the rest reaches the
   * driver. For many partitions and large results.
   *
   * @param depth of the tree, an integer of at least 1; default 2
   * @throws MR_BAD_ARGUMENT for another depth; MR_EMPTY_COLLECTION when there is no record
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "treeReduce");
   * assert.equal(await sc.range(1, 101, 1, 16).treeReduce((a, b) => a + b), 5050);
   * await sc.stop();
   * ```
   */
  async treeReduce(f: (a: T, b: T) => T, depth = 2): Promise<T> {
    const origin = originOf(this, "treeReduce", f);
    const partial = function* (records: Iterable<T>) {
      const iterator = records[Symbol.iterator]();
      const first = iterator.next();
      if (first.done === true) return;
      let sum = ownCombined(first.value) as T;
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) sum = f(sum, next.value);
      yield sum;
    };
    return reduced(mergedInTree<T>(this, origin, partial, f, depth), origin, f);
  }

  /**
   * As `aggregate`, in several rounds: partial results are merged where the data is before the rest reaches the
   * driver. For many partitions and large results.
   *
   * @param depth of the tree, an integer of at least 1; default 2
   * @throws MR_BAD_ARGUMENT for another depth
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when a function or `zero` holds what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "treeAggregate");
   * const total = await sc.range(1, 101, 1, 16).treeAggregate(0, (sum, n) => sum + n, (a, b) => a + b);
   * assert.equal(total, 5050);
   * await sc.stop();
   * ```
   */
  async treeAggregate<A>(
    zero: A,
    addRecord: (sum: A, record: T) => A,
    merge: (a: A, b: A) => A,
    depth = 2,
  ): Promise<A> {
    const origin = originOf(this, "treeAggregate", addRecord, merge);
    const partial = (records: Iterable<T>) => {
      let sum = ownCombined(zero) as A;
      for (const record of records) sum = addRecord(sum, record);
      return [sum];
    };
    return aggregated(mergedInTree<A>(this, origin, partial, merge, depth), origin, zero, merge, merge);
  }
}
