import {
  type Partitioner,
  type PlanNode,
  type StateRule,
  StorageLevel,
  savedState,
  source,
} from "../../plan/index.ts";
import type { SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import { nextState, showState } from "./state-rdd.ts";
import type { StreamNode } from "./stream-node.ts";
import { checkWindow } from "./window-durations.ts";
import { rddsBetween } from "./windowed.ts";

/** How a window's values are reduced, and how a value is taken out again. */
export interface WindowReduction<K, V> {
  readonly reduce: (a: V, b: V) => V;
  /** `inverse(reduce(x, y), y)` is `x`. */
  readonly inverse: (reduced: V, leaving: V) => V;
  /** Which results stay; one that does not is forgotten by the next window too. */
  readonly filter: ((pair: [K, V]) => boolean) | undefined;
}

/**
 * Reduces a window from the last window's result: what left is taken out, what came is added, so a window
 * costs what changed. `reduced` is the parent with its values reduced per key and slide, partitioned by
 * `partitioner`; everything here lies in that partitioning and nothing is shuffled again.
 */
export function reducedWindowed<K, V>(
  context: SparkContext,
  reduced: StreamNode<[K, V]>,
  { reduce, inverse, filter }: WindowReduction<K, V>,
  partitioner: Partitioner,
  windowMs: number,
  slideMs: number,
): Operator<[K, V]> {
  checkWindow("ReducedWindowedDStream", reduced, windowMs, slideMs);
  reduced.setStorageLevel(StorageLevel.MEMORY_ONLY_SER);
  const storageLevel = StorageLevel.MEMORY_ONLY_SER;
  const shown = { view: { kind: "entries" }, keepsKeys: true, storageLevel } as const;
  const functions = filter === undefined ? [reduce, inverse] : [reduce, inverse, filter];
  const nothing = emptyPlan(partitioner.numPartitions);
  /** Each key once, of the slides from one time to another. */
  const slidesReduced = (fromMs: number, toMs: number): PlanNode => {
    const rdds = rddsBetween(reduced, fromMs, toMs);
    const [first] = rdds;
    if (first === undefined) return nothing;
    return (rdds.length === 1 ? first : context.union(rdds).reduceByKey(reduce, partitioner)).plan;
  };
  return {
    kind: "reduceByKeyAndWindow",
    parents: [reduced],
    slideMs,
    windowMs,
    mustCheckpoint: true,
    storageLevel,
    persistTargets: self => [reduced, self],
    compute: (timeMs, self) => {
      const beginMs = timeMs - windowMs + reduced.slideMs;
      // After a down time that was skipped there is no last result: the window is reduced from all it has.
      const isAnew = self.graph.isSkipped(timeMs - slideMs);
      const enteringMs = isAnew ? beginMs : timeMs - slideMs + reduced.slideMs;
      const node = nextState(self, isAnew ? undefined : timeMs - slideMs, partitioner, ruleAt(timeMs), {
        updates: [
          isAnew ? nothing : slidesReduced(beginMs - slideMs, beginMs - reduced.slideMs),
          slidesReduced(enteringMs, timeMs),
        ],
      });
      return showState(context, node, shown);
    },
    restoreState: (seed, timeMs, self) =>
      showState(context, savedState(self.origin, partitioner, ruleAt(timeMs), seed), shown),
  };

  function ruleAt(timeMs: number): StateRule {
    return { name: "inverseWindow", functions, params: { timeMs } };
  }
}

function emptyPlan(numPartitions: number): PlanNode {
  const splits = Array.from({ length: numPartitions }, () => ({ values: [] }));
  return source({ operator: "emptyRDD", site: undefined }, { name: "values" }, splits);
}
