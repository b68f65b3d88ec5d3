import type { AnyFunction } from "../../closure/index.ts";
import { captureCallSite } from "../../common/call-site.ts";
import type { DurationLike, Time } from "../../common/time/index.ts";
import {
  HashPartitioner,
  type Partitioner,
  type PartitioningOptions,
  wantedPartitioner,
} from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import type { State } from "../../task/state/key-state.ts";
import { positiveMs } from "../duration-argument.ts";
import { checkDriverFunction } from "./check-function.ts";
import { type StateForm, type StateMigration, stateForm } from "./state-form.ts";

/** States that keys begin with: an RDD of pairs, or the pairs themselves. */
export type InitialStates<K, S> = RDD<[K, S]> | Iterable<readonly [K, S]>;

/** What a `StateSpec` was told. */
export interface StateSettings<K, S> {
  readonly fn: AnyFunction;
  /** `timed`: the function is told the batch time first, and an absent answer is not emitted. */
  readonly form: "plain" | "timed";
  readonly partitioner?: Partitioner;
  readonly initial?: InitialStates<K, S>;
  readonly timeoutMs?: number;
  readonly stateForm?: StateForm;
}

/** The settings of a `StateSpec` as options: each is also a method of its own, as in Spark. */
export interface StateSpecOptions<K, S> extends PartitioningOptions {
  readonly initialState?: InitialStates<K, S>;
  readonly timeout?: DurationLike;
  readonly version?: number;
  readonly migrate?: StateMigration<K, S>;
}

/**
 * What `mapWithState` does: the function, and how keys are partitioned, begin and time out.
 *
 * ```ts
 * import { type State, StateSpec, StreamingContext } from "millrace";
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "example", "20ms");
 * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
 * const spec = StateSpec.function((user: string, clicks: number | undefined, total: State<number>) => {
 *   total.update((total.getOption() ?? 0) + (clicks ?? 0));
 *   return `${user}: ${total.get()}`;
 * })
 *   .initialState([["ann", 40]])
 *   .numPartitions(4)
 *   .timeout("30m");
 * ssc.queueStream([["ann", "bob", "ann"]]).map(user => [user, 1]).mapWithState(spec).foreachRDD(async rdd => {
 *   assert.deepEqual((await rdd.collect()).sort(), ["ann: 41", "ann: 42", "bob: 1"]);
 *   void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * ```
 */
export class StateSpec<K, V, S, R> {
  /** For the type checker: which values and results the function has. */
  declare readonly types: { readonly value: V; readonly result: R };
  #settings: StateSettings<K, S>;

  private constructor(settings: StateSettings<K, S>) {
    this.#settings = settings;
  }

  /**
   * A spec of a function of key, value and state: what it answers is emitted. With four parameters the function
   * is told the batch time first, and what it answers is emitted unless it is `undefined`. The value is
   * `undefined` when the key times out.
   *
   * Given right to `mapWithState`, with settings as options, the function's parameters need no types: the state is
   * of the type its annotation says, otherwise of that of the values.
   *
   * ```ts
   * import { type State, StateSpec, type Time } from "millrace";
   * const lastSeen = StateSpec.function((time: Time, key: string, value: number | undefined, state: State<number>) => {
   *   if (state.isTimingOut()) return `${key} has gone`;
   *   state.update(time.milliseconds);
   *   return undefined;
   * });
   * console.assert(lastSeen instanceof StateSpec);
   * ```
   */
  static function<K, V, S, A, B>(
    f: (key: K, value: V | undefined, state: State<S>) => readonly [A, B],
    options?: StateSpecOptions<K, S>,
  ): StateSpec<K, V, S, [A, B]>;
  static function<K, V, S = V, R = void>(
    f: (key: K, value: V | undefined, state: State<S>) => R,
    options?: StateSpecOptions<K, S>,
  ): StateSpec<K, V, S, R>;
  static function<K, V, S, A, B>(
    f: (time: Time, key: K, value: V | undefined, state: State<S>) => readonly [A, B] | undefined,
    options?: StateSpecOptions<K, S>,
  ): StateSpec<K, V, S, [A, B]>;
  static function<K, V, S = V, R = void>(
    f: (time: Time, key: K, value: V | undefined, state: State<S>) => R | undefined,
    options?: StateSpecOptions<K, S>,
  ): StateSpec<K, V, S, R>;
  static function<K, V, S, R>(f: AnyFunction, options: StateSpecOptions<K, S> = {}): StateSpec<K, V, S, R> {
    checkDriverFunction(f, "StateSpec.function", captureCallSite("StateSpec.function"));
    const spec = new StateSpec<K, V, S, R>({ fn: f, form: f.length > 3 ? "timed" : "plain" });
    const { initialState, timeout, version = 0, migrate } = options;
    const partitioner = wantedPartitioner(options, ["initialState", "timeout", "version", "migrate"]);
    if (initialState !== undefined) spec.initialState(initialState);
    if (timeout !== undefined) spec.timeout(timeout);
    if (version !== 0 || migrate !== undefined) spec.version(version, migrate);
    return partitioner === undefined ? spec : spec.partitioner(partitioner);
  }

  /** States that keys begin with; their idle time counts from the first batch. Answers the spec itself. */
  initialState(states: InitialStates<K, S>): this {
    this.#settings = { ...this.#settings, initial: states };
    return this;
  }

  /**
   * Partitions keys by hash. Answers the spec itself.
   * @throws MR_BAD_ARGUMENT unless it is an integer of at least 0
   */
  numPartitions(count: number): this {
    return this.partitioner(new HashPartitioner(count));
  }

  /** Partitions keys; default by hash into `sparkContext.defaultParallelism` partitions. Answers the spec itself. */
  partitioner(partitioner: Partitioner): this {
    this.#settings = { ...this.#settings, partitioner };
    return this;
  }

  /**
   * Removes keys without a record for longer than `idle`: the function is called once more, without a value.
   * Looked for when the state is checkpointed, by default every 10 slides. Answers the spec itself.
   * @throws MR_BAD_ARGUMENT unless it is positive
   */
  timeout(idle: DurationLike): this {
    this.#settings = { ...this.#settings, timeoutMs: positiveMs(idle, "The timeout", "StateSpec.timeout") };
    return this;
  }

  /**
   * Declares which form keys and states have. When it changes, count up: a checkpoint of another version is refused
   * with MR_CHECKPOINT_MISMATCH, unless `migrate` makes what is there into what the program has now. It is called on
   * the driver, once for each key, before the first batch. Answers the spec itself.
   *
   * ```ts
   * import { type State, StateSpec } from "millrace";
   * interface Visits { readonly count: number; readonly lastMs: number }
   * const spec = StateSpec.function((user: string, timeMs: number | undefined, visits: State<Visits>) => {
   *   const { count, lastMs } = visits.getOption() ?? { count: 0, lastMs: 0 };
   *   visits.update({ count: count + 1, lastMs: timeMs ?? lastMs });
   *   return count + 1;
   * }).version(2, (user, state) => [String(user), { count: Number(state), lastMs: 0 }]);
   * console.assert(spec instanceof StateSpec);
   * ```
   *
   * @param version an integer of at least 0; 0 is what a spec has that declares none
   * @throws MR_BAD_ARGUMENT, MR_CLOSURE_UNSHIPPABLE
   */
  version(version: number, migrate?: StateMigration<K, S>): this {
    this.#settings = { ...this.#settings, stateForm: stateForm("StateSpec.version", version, migrate) };
    return this;
  }

  /** What it was told so far. */
  get settings(): StateSettings<K, S> {
    return this.#settings;
  }
}
