import { type StateNode, type StateView, type StorageLevel, stateView } from "../../plan/index.ts";
import { RDD, type SparkContext } from "../../rdd/index.ts";

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
