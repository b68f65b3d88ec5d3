import { type ActionOptions, withOptions } from "./action-options.ts";
import { actionOrigin, originOf } from "./lineage.ts";
import { emptyCollection, firstRecords, localRecords, runAll } from "./run-action.ts";
import { SaveActions } from "./save-actions.ts";

/** Actions that look at the records one by one, or hand them out. */
export abstract class ScanActions<T> extends SaveActions<T> {
  /**
   * All records, in order of partitions, as one array. They are the program's own: changing them changes nothing that
   * is kept.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "collect");
   * assert.deepEqual(await sc.range(0, 3).collect(), [0, 1, 2]);
   * await sc.stop();
   * ```
   */
  async collect(options: ActionOptions = {}): Promise<T[]> {
    const parts = (await withOptions(this.context, options, () =>
      runAll(this, { kind: "collect" }, actionOrigin(this, "collect")),
    )) as T[][];
    return parts.length === 1 ? (parts[0] as T[]) : parts.flat();
  }

  /**
   * How many records there are.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "count");
   * assert.equal(await sc.parallelize(["a", "b"]).count(), 2);
   * await sc.stop();
   * ```
   */
  async count(options: ActionOptions = {}): Promise<number> {
    const counts = (await withOptions(this.context, options, () =>
      runAll(this, { kind: "count" }, actionOrigin(this, "count")),
    )) as number[];
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * The first `limit` records. Looks at one partition first and then at four times as many each time, until it has enough.
   *
   * @param limit an integer of at least 0, or Infinity
   * @throws MR_BAD_ARGUMENT for another limit
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "take");
   * assert.deepEqual(await sc.parallelize([3, 1, 2], 2).take(2), [3, 1]);
   * await sc.stop();
   * ```
   */
  async take(limit: number, options: ActionOptions = {}): Promise<T[]> {
    return withOptions(this.context, options, () => firstRecords(this, limit, actionOrigin(this, "take")));
  }

  /**
   * The first record.
   *
   * @throws MR_EMPTY_COLLECTION when there is none
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "first");
   * assert.equal(await sc.parallelize(["x", "y"]).first(), "x");
   * await sc.stop();
   * ```
   */
  async first(options: ActionOptions = {}): Promise<T> {
    return withOptions(this.context, options, async () => {
      const origin = actionOrigin(this, "first");
      const taken = await firstRecords(this, 1, origin);
      if (taken.length === 0) throw emptyCollection(origin);
      return taken[0] as T;
    });
  }

  /**
   * Whether there is no record at all. Looks no further than to the first one.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "isEmpty");
   * assert.equal(await sc.parallelize([1]).filter(n => n > 1).isEmpty(), true);
   * await sc.stop();
   * ```
   */
  async isEmpty(options: ActionOptions = {}): Promise<boolean> {
    return withOptions(this.context, options, async () => {
      return (await firstRecords(this, 1, actionOrigin(this, "isEmpty"))).length === 0;
    });
  }

  /**
   * Calls `f` for every record, where the record is: with worker threads not in this one. An async `f` is awaited, those
   * of a few thousand records together.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreach");
   * const seen: number[] = [];
   * await sc.parallelize([1, 2]).foreach(n => seen.push(n));
   * assert.deepEqual(seen, [1, 2]);
   * await sc.stop();
   * ```
   */
  async foreach(f: (record: T) => unknown, options: ActionOptions = {}): Promise<void> {
    await withOptions(this.context, options, () =>
      runAll(this, { kind: "foreach", fn: f }, originOf(this, "foreach", f)),
    );
  }

  /**
   * Calls `f` once per partition, where it is; an async `f` is awaited. The place to open one connection for many records.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "foreachPartition");
   * const sizes: number[] = [];
   * await sc.parallelize([1, 2, 3], 2).foreachPartition(async records => {
   *   sizes.push([...records].length);
   * });
   * assert.deepEqual(sizes, [1, 2]);
   * await sc.stop();
   * ```
   */
  async foreachPartition(f: (records: Iterable<T>) => unknown, options: ActionOptions = {}): Promise<void> {
    return withOptions(this.context, options, async () => {
      const origin = originOf(this, "foreachPartition", f);
      const fn = async (records: Iterable<T>) => {
        await f(records);
      };
      await runAll(this, { kind: "partition", fn }, origin);
    });
  }

  /**
   * The records one after the other, one partition in memory at a time: each is a job of its own, run when the
   * one before has been read.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_JOB_CANCELLED; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "toLocalIterator");
   * const seen: number[] = [];
   * for await (const n of sc.range(0, 4, 1, 2).toLocalIterator()) seen.push(n);
   * assert.deepEqual(seen, [0, 1, 2, 3]);
   * await sc.stop();
   * ```
   */
  toLocalIterator(): AsyncGenerator<T, void, undefined> {
    return localRecords<T>(this, originOf(this, "toLocalIterator"));
  }
}
