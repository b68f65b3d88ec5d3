import type { AnyFunction } from "../../closure/index.ts";
import { type CallSite, withCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Time } from "../../common/time/index.ts";
import { Partitioner, type PartitioningOptions } from "../../plan/index.ts";
import { RDD } from "../../rdd/index.ts";
import { toPartitioner } from "../partitioner-argument.ts";
import type { DStream, MapWithStateDStream } from "./dstream.ts";
import { mappedWithState } from "./mapped-with-state.ts";
import { PairOperations } from "./pair-operations.ts";
import { type StateMigration, stateForm, undeclaredForm } from "./state-form.ts";
import { type InitialStates, StateSpec } from "./state-spec.ts";
import { StreamNode } from "./stream-node.ts";
import { type UpdateVariant, updatedByKey } from "./updated-by-key.ts";

/** How `updateStateByKey` goes about it. */
export interface UpdateStateOptions<K, S> extends PartitioningOptions {
  /** States that keys begin with. */
  readonly initial?: InitialStates<K, S>;
  /**
   * Whether the stream's RDDs tell their partitioner, so that joins need no shuffle. With the variant `iterator` this
   * promises that the function leaves keys as they are; otherwise its results are shuffled again. Default `true`.
   */
  readonly rememberPartitioner?: boolean;
  /** Which form keys and states have, as `StateSpec.version` says; default 0. */
  readonly version?: number;
  /** Makes what a checkpoint of another version has into what the program has now. */
  readonly migrate?: StateMigration<K, S>;
}

/** Names of the options beside those of every partitioning. */
const updateOptions = ["initial", "rememberPartitioner", "variant", "version", "migrate"];

/**
 * Operations that carry a state per key from batch to batch. Both need `ssc.checkpoint`. Keys compare by value;
 * objects a function is given as state are its own: it may change and return them.
 */
export abstract class StateOperations<T> extends PairOperations<T> {
  /**
   * Updates the state of every key in every batch: `f` is given the key's new values, of which there may be none,
   * and its state, if it has one; what it answers is the new state. `undefined` drops the key.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const seen: unknown[] = [];
   * ssc.queueStream([["a", "b"], ["a"]])
   *   .map(word => [word, 1])
   *   .updateStateByKey((ones, count = 0) => count + ones.length)
   *   .foreachRDD(async rdd => {
   *     if (seen.push(await rdd.collect()) === 2) void ssc.stop();
   *   });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 2), [[["a", 1], ["b", 1]], [["a", 2], ["b", 1]]]);
   * ```
   *
   * @param options a number of partitions, a partitioner, or options; states to begin with are `initial`
   * @throws MR_BAD_ARGUMENT for unknown options; MR_CLOSURE_UNSHIPPABLE
   */
  updateStateByKey<K, V, S = V>(
    this: DStream<[K, V]>,
    f: (values: V[], state: S | undefined) => S | undefined | null,
    options?: number | Partitioner | (UpdateStateOptions<K, S> & { readonly variant?: "plain" }),
  ): DStream<[K, S]>;
  /** The same with variant `timed`: `f` is told the batch time and the key first. */
  updateStateByKey<K, V, S = V>(
    this: DStream<[K, V]>,
    f: (time: Time, key: K, values: V[], state: S | undefined) => S | undefined | null,
    options: UpdateStateOptions<K, S> & { readonly variant: "timed" },
  ): DStream<[K, S]>;
  /** The same with variant `iterator`: `f` is given all keys of a partition, and answers with those that stay. */
  updateStateByKey<K, V, S = V>(
    this: DStream<[K, V]>,
    f: (entries: Iterable<[key: K, values: V[], state: S | undefined]>) => Iterable<readonly [K, S]>,
    options: UpdateStateOptions<K, S> & { readonly variant: "iterator" },
  ): DStream<[K, S]>;
  updateStateByKey<K, V, S>(
    this: DStream<[K, V]>,
    f: AnyFunction,
    options?: number | Partitioner | (UpdateStateOptions<K, S> & { readonly variant?: UpdateVariant }),
  ): DStream<[K, S]> {
    const site = this.checkedSite("updateStateByKey", f);
    const { sparkContext } = this.context;
    const partitioner = toPartitioner(sparkContext, options, updateOptions);
    const given: UpdateStateOptions<K, S> & { readonly variant?: UpdateVariant } =
      typeof options === "object" && !(options instanceof Partitioner) ? options : {};
    const { variant = "plain", initial, rememberPartitioner = true, version = 0, migrate } = given;
    if (!["plain", "timed", "iterator"].includes(variant)) {
      throw millraceError("MR_BAD_ARGUMENT", `updateStateByKey has no variant ${JSON.stringify(variant)}`, {
        site: site.text,
        hint: "Variants are plain, timed and iterator.",
      });
    }
    const updating = {
      fn: f,
      variant,
      partitioner,
      initial: this.initialRDD(site, initial),
      rememberPartitioner,
      stateForm: stateForm("updateStateByKey", version, migrate),
    };
    return this.derive(updatedByKey(sparkContext, this.node, updating), site);
  }

  /**
   * Calls a function for every record with the state of its key, which it may update or remove, and emits what it
   * answers. A batch costs what it touches, however many keys there are. `stateSnapshots()` of the result is all
   * keys with their states.
   *
   * ```ts
   * import { type State, StateSpec, StreamingContext } from "millrace";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * const running = StateSpec.function((word: string, one: number | undefined, count: State<number>) => {
   *   count.update((count.getOption() ?? 0) + (one ?? 0));
   *   return `${word} ${count.get()}`;
   * });
   * const seen: string[][] = [];
   * ssc.queueStream([["a", "b"], ["a"]]).map(word => [word, 1]).mapWithState(running).foreachRDD(async rdd => {
   *   if (seen.push((await rdd.collect()).sort()) === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 2), [["a 1", "b 1"], ["a 2"]]);
   * ```
   *
   * @throws MR_CLOSURE_UNSHIPPABLE
   */
  mapWithState<K, V, S, R>(this: DStream<[K, V]>, spec: StateSpec<K, V, S, R>): MapWithStateDStream<K, S, R> {
    if (!(spec instanceof StateSpec)) {
      throw millraceError("MR_BAD_ARGUMENT", "mapWithState needs a StateSpec", {
        hint: "Write mapWithState(StateSpec.function(f)).",
      });
    }
    const { fn, form, partitioner, initial, timeoutMs, stateForm: declared = undeclaredForm } = spec.settings;
    const site = this.checkedSite("mapWithState", fn);
    const { sparkContext, graph } = this.context;
    const mapping = {
      fn,
      form,
      partitioner: toPartitioner(sparkContext, partitioner),
      initial: this.initialRDD(site, initial),
      timeoutMs,
      stateForm: declared,
    };
    const operator = mappedWithState<K, V, S, R>(sparkContext, this.node, mapping);
    return this.deriveWithState<K, S, R>(new StreamNode(graph, operator, site), site);
  }

  /** The stream that shows what `mapWithState` made. */
  protected abstract deriveWithState<K, S, R>(
    mapping: StreamNode<R>,
    site: CallSite,
  ): MapWithStateDStream<K, S, R>;

  /** States to begin with as an RDD. */
  protected initialRDD<K, S>(
    site: CallSite,
    initial: InitialStates<K, S> | undefined,
  ): RDD<[K, S]> | undefined {
    if (initial === undefined || initial instanceof RDD) return initial;
    const pairs = Array.from(initial, ([key, state]): [K, S] => [key, state]);
    return withCallSite(site, () => this.context.sparkContext.parallelize(pairs));
  }
}
