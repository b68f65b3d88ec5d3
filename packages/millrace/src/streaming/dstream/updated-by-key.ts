import type { AnyFunction } from "../../closure/index.ts";
import { type Partitioner, type StateRule, StorageLevel, savedState, state } from "../../plan/index.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StateForm } from "./state-form.ts";
import { nextState, showState } from "./state-rdd.ts";
import type { StreamNode } from "./stream-node.ts";

/** How the function of `updateStateByKey` is called. */
export type UpdateVariant = "plain" | "timed" | "iterator";

/** How `updateStateByKey` goes about it. */
export interface StateUpdating<K, S> {
  readonly fn: AnyFunction;
  readonly variant: UpdateVariant;
  readonly partitioner: Partitioner;
  /** Where the state begins. */
  readonly initial: RDD<[K, S]> | undefined;
  /** Whether the keys that come out lie where the partitioner puts them. */
  readonly rememberPartitioner: boolean;
  readonly stateForm: StateForm;
}

/** The state of every key, updated by every batch. */
export function updatedByKey<K, V, S>(
  context: SparkContext,
  parent: StreamNode<[K, V]>,
  { fn, variant, partitioner, initial, rememberPartitioner, stateForm }: StateUpdating<K, S>,
): Operator<[K, S]> {
  const storageLevel = StorageLevel.MEMORY_ONLY_SER;
  const shown = { view: { kind: "entries" }, keepsKeys: rememberPartitioner, storageLevel } as const;
  const ruleAt = (timeMs: number): StateRule =>
    variant === "iterator"
      ? { name: "updateStateOfPartition", functions: [fn], params: { timeMs } }
      : { name: "updateStateByKey", functions: [fn], params: updateParams(timeMs, variant) };
  // A function of whole partitions may have given keys other names, and then they lie elsewhere.
  const movesKeys = variant === "iterator" && !rememberPartitioner;

  return {
    kind: "updateStateByKey",
    parents: [parent],
    slideMs: parent.slideMs,
    mustCheckpoint: true,
    storageLevel,
    stateForm,
    compute: (timeMs, self) => {
      const lastMs = timeMs - parent.slideMs;
      const last = self.getOrCompute(lastMs);
      const batch = parent.getOrCompute(timeMs);
      if (last === undefined && batch === undefined) return undefined;
      const updates = batch === undefined ? [] : [batch.partitionBy(partitioner).plan];
      const node = movesKeys
        ? state(self.origin, partitioner, ruleAt(timeMs), {
            previous: undefined,
            initial: (last ?? initial)?.partitionBy(partitioner).plan,
            updates,
          })
        : nextState(self, lastMs, partitioner, ruleAt(timeMs), { updates, initial });
      return showState(context, node, shown);
    },
    restoreState: (seed, timeMs, self) =>
      showState(context, savedState(self.origin, partitioner, ruleAt(timeMs), seed), shown),
  };
}

function updateParams(timeMs: number, form: "plain" | "timed") {
  return { timeMs, form };
}
