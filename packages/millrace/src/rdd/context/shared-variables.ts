import { millraceError } from "../../common/errors/index.ts";
import {
  AccumulatorV2,
  type AnyAccumulator,
  type Broadcast,
  CollectionAccumulator,
  createBroadcast,
  DoubleAccumulator,
  LongAccumulator,
  registerAccumulator,
} from "../../task/shared/index.ts";
import { Checkpointing } from "./checkpointing.ts";

/** The variables a context makes that tasks share: broadcast ones, which they read, and accumulators, which they add to. */
export abstract class SharedVariables extends Checkpointing {
  /** Tells this context's variables from those of another process on the same executors. */
  #origin: string | undefined;

  /**
   * A value that tasks read, shipped once to each worker. Functions capture the variable and read its `value`.
   *
   * @param value anything a function may capture; later changes of it may or may not be seen by tasks
   * @throws MR_CONTEXT_STOPPED; MR_CLOSURE_UNSHIPPABLE where a function that captures it is given to an operation
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "broadcast");
   * const prices = sc.broadcast(new Map([["tea", 3], ["coffee", 4]]));
   * const bill = sc.parallelize(["tea", "coffee", "tea"]).map(item => prices.value.get(item) ?? 0);
   * assert.equal(await bill.reduce((a, b) => a + b), 10);
   * prices.destroy();
   * await sc.stop();
   * ```
   */
  broadcast<T>(value: T): Broadcast<T> {
    this.assertRunning();
    this.#origin ??= this.platform.random.nextUint32().toString(36);
    return createBroadcast(value, this.#origin, (key, what) => {
      if (!this.isStopped) this.engine.releaseBroadcast(key, what);
    });
  }

  /**
   * An accumulator that adds integers up, from 0.
   *
   * @param name for the UI and the event log
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "longAccumulator");
   * const records = sc.longAccumulator("records");
   * await sc.parallelize([5, 6, 7]).foreach(() => records.add(1));
   * assert.equal(records.value, 3);
   * await sc.stop();
   * ```
   */
  longAccumulator(name?: string): LongAccumulator {
    return this.#registered(new LongAccumulator(), name);
  }

  /**
   * An accumulator that adds numbers up, from 0.
   *
   * @param name for the UI and the event log
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "doubleAccumulator");
   * const total = sc.doubleAccumulator();
   * await sc.parallelize([0.5, 0.25]).foreach(x => total.add(x));
   * assert.equal(total.value, 0.75);
   * await sc.stop();
   * ```
   */
  doubleAccumulator(name?: string): DoubleAccumulator {
    return this.#registered(new DoubleAccumulator(), name);
  }

  /**
   * An accumulator that gathers values.
   *
   * @param name for the UI and the event log
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "collectionAccumulator");
   * const odd = sc.collectionAccumulator<number>();
   * await sc.parallelize([1, 2, 3]).foreach(x => {
   *   if (x % 2 === 1) odd.add(x);
   * });
   * assert.deepEqual(odd.value, [1, 3]);
   * await sc.stop();
   * ```
   */
  collectionAccumulator<T>(name?: string): CollectionAccumulator<T> {
    return this.#registered(new CollectionAccumulator<T>(), name);
  }

  /**
   * Makes an accumulator of your own class known, before functions use it.
   *
   * @param name for the UI and the event log
   * @throws MR_ACCUMULATOR when it is registered already; MR_BAD_ARGUMENT when it is no AccumulatorV2;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { LongAccumulator, SparkContext } from "millrace";
   * const sc = new SparkContext("local", "register");
   * const seen = new LongAccumulator();
   * sc.register(seen, "seen");
   * await sc.parallelize([1, 2]).foreach(x => seen.add(x));
   * assert.equal(seen.sum, 3);
   * await sc.stop();
   * ```
   */
  register(accumulator: AnyAccumulator, name?: string): void {
    this.assertRunning();
    if (!(accumulator instanceof AccumulatorV2)) {
      throw millraceError("MR_BAD_ARGUMENT", "register needs an instance of AccumulatorV2");
    }
    registerAccumulator(accumulator, name);
  }

  #registered<A extends AnyAccumulator>(accumulator: A, name: string | undefined): A {
    this.register(accumulator, name);
    return accumulator;
  }
}
