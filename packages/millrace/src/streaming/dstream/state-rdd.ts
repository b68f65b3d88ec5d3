import {
  type Partitioner,
  type PlanNode,
  type StateNode,
  type StateRule,
  type StateView,
  type StorageLevel,
  state,
  stateView,
} from "../../plan/index.ts";
import { RDD, type SparkContext } from "../../rdd/index.ts";
import type { StreamNode } from "./stream-node.ts";

/** The version of a state that an RDD shows, if it shows one. */
export function stateOf(rdd: RDD<unknown> | undefined): StateNode | undefined {
  return rdd?.plan.op === "stateView" ? rdd.plan.state : undefined;
}

/** How an RDD shows a version of a state. */
export interface ShownState {
  readonly view: StateView;
  /** Whether the RDD has the state's partitioner. */
  readonly keepsKeys: boolean;
  readonly storageLevel: StorageLevel;
}

/** An RDD that shows a version of a state: it is kept as the state is. */
export function showState<T>(
  context: SparkContext,
  state: StateNode,
  { view, keepsKeys, storageLevel }: ShownState,
): RDD<T> {
  const plan = stateView(state, state, view, keepsKeys);
  plan.storageLevel = storageLevel;
  return new RDD<T>(context, plan);
}

/** The version itself, which has no records: to make it, or to let it go. */
export function stateRDD(context: SparkContext, state: StateNode): RDD<never> {
  return new RDD<never>(context, state);
}

/** What a stream adds to its state in a batch, and begins with when it has none. */
export interface NextState<T> {
  readonly updates: readonly PlanNode[];
  readonly initial?: RDD<T> | undefined;
}

/**
 * The version of a stream's state that follows the one of its RDD at `lastMs`, or the
 * first one when that is `undefined`. An RDD that shows no state, such as
 * one that was saved as records, is what the state begins with.
 */
export function nextState<K, S>(
  stream: StreamNode<unknown>,
  lastMs: number | undefined,
  partitioner: Partitioner,
  rule: StateRule,
  { updates, initial }: NextState<[K, S]>,
): StateNode {
  const last = lastMs === undefined ? undefined : stream.getOrCompute(lastMs);
  const previous = stateOf(last);
  const first = last === undefined ? initial : (last as RDD<[K, S]>);
  return state(stream.origin, partitioner, rule, {
    previous,
    initial: previous === undefined ? first?.partitionBy(partitioner).plan : undefined,
    updates,
  });
}
