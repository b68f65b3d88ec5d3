import { type StateRule, StorageLevel, savedState } from "../../plan/index.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StateForm } from "./state-form.ts";
import { nextState, showState, stateOf } from "./state-rdd.ts";
import type { StateSettings } from "./state-spec.ts";
import type { StreamNode } from "./stream-node.ts";

/** Time-outs are looked for, and the state is saved, every so many slides unless the user says otherwise. */
const slidesBetweenCheckpoints = 10;

/** How `mapWithState` goes about it: the settings of its `StateSpec`, defaults filled in. */
export type StateMapping<K, S> = Required<Pick<StateSettings<K, S>, "fn" | "form" | "partitioner">> & {
  readonly initial: RDD<[K, S]> | undefined;
  readonly timeoutMs: number | undefined;
  readonly stateForm: StateForm;
};

/** What the function makes of each record and the state of its key; the state behind it can be read as well. */
export function mappedWithState<K, V, S, R>(
  context: SparkContext,
  parent: StreamNode<[K, V]>,
  { fn, form, partitioner, initial, timeoutMs, stateForm }: StateMapping<K, S>,
): Operator<R> {
  const storageLevel = StorageLevel.MEMORY_ONLY;
  const shown = { view: { kind: "emitted" }, keepsKeys: false, storageLevel } as const;
  const defaultCheckpointMs = slidesBetweenCheckpoints * parent.slideMs;

  const ruleAt = (timeMs: number, self: StreamNode<R>): StateRule => {
    const isDue = (timeMs - self.zeroMs) % (self.checkpointMs ?? defaultCheckpointMs) === 0;
    const params = {
      timeMs,
      form,
      hasTimeout: timeoutMs !== undefined,
      expireBeforeMs: timeoutMs !== undefined && isDue ? timeMs - timeoutMs : undefined,
    };
    return { name: "mapWithState", functions: [fn], params };
  };

  return {
    kind: "mapWithState",
    parents: [parent],
    slideMs: parent.slideMs,
    mustCheckpoint: true,
    defaultCheckpointMs,
    storageLevel,
    stateForm,
    compute: (timeMs, self) => {
      const batch = parent.getOrCompute(timeMs);
      const updates = batch === undefined ? [] : [batch.partitionBy(partitioner).plan];
      const rule = ruleAt(timeMs, self);
      const node = nextState(self, timeMs - parent.slideMs, partitioner, rule, { updates, initial });
      return showState(context, node, shown);
    },
    restoreState: (seed, timeMs, self) =>
      showState(context, savedState(self.origin, partitioner, ruleAt(timeMs, self), seed), shown),
  };
}

/** All keys with their states, of the batches of a stream that `mappedWithState` made. */
export function snapshotted<K, S>(context: SparkContext, mapping: StreamNode<unknown>): Operator<[K, S]> {
  return {
    kind: "stateSnapshots",
    parents: [mapping],
    slideMs: mapping.slideMs,
    compute: timeMs => {
      const node = stateOf(mapping.getOrCompute(timeMs));
      if (node === undefined) return undefined;
      const { storageLevel } = node;
      return showState<[K, S]>(context, node, { view: { kind: "entries" }, keepsKeys: true, storageLevel });
    },
  };
}
