import { FutureAction } from "./future-action.ts";
import { ScanActions } from "./scan-actions.ts";

/** Actions in the background, which can be cancelled. */
export abstract class AsyncActions<T> extends ScanActions<T> {
  /**
   * `collect` in the background.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "collectAsync");
   * assert.deepEqual(await sc.range(0, 3).collectAsync(), [0, 1, 2]);
   * await sc.stop();
   * ```
   */
  collectAsync(): FutureAction<T[]> {
    return this.#inBackground(() => this.collect());
  }

  /**
   * `count` in the background.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countAsync");
   * const counting = sc.range(0, 10).countAsync();
   * assert.deepEqual([await counting, counting.jobIds], [10, [0]]);
   * await sc.stop();
   * ```
   */
  countAsync(): FutureAction<number> {
    return this.#inBackground(() => this.count());
  }

  /**
   * `take` in the background.
   *
   * @throws MR_BAD_ARGUMENT as `take`, when awaited
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "takeAsync");
   * assert.deepEqual(await sc.range(0, 10).takeAsync(2), [0, 1]);
   * await sc.stop();
   * ```
   */
  takeAsync(limit: number): FutureAction<T[]> {
    return this.#inBackground(() => this.take(limit));
  }

  /**
   * `foreach` in the background.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreachAsync");
   * const sum = sc.longAccumulator();
   * await sc.range(0, 4).foreachAsync(n => sum.add(n));
   * assert.equal(sum.value, 6);
   * await sc.stop();
   * ```
   */
  foreachAsync(f: (record: T) => unknown): FutureAction<void> {
    return this.#inBackground(() => this.foreach(f));
  }

  /**
   * `foreachPartition` in the background.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreachPartitionAsync");
   * const partitions = sc.longAccumulator();
   * await sc.range(0, 4, 1, 3).foreachPartitionAsync(() => partitions.add(1));
   * assert.equal(partitions.value, 3);
   * await sc.stop();
   * ```
   */
  foreachPartitionAsync(f: (records: Iterable<T>) => unknown): FutureAction<void> {
    return this.#inBackground(() => this.foreachPartition(f));
  }

  #inBackground<R>(action: () => Promise<R>): FutureAction<R> {
    return new FutureAction((signal, onJob) => this.context.withSignal(signal, action, onJob));
  }
}
