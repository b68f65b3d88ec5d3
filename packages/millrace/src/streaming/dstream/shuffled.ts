import type { Partitioner } from "../../plan/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** How the values of a key are combined. */
export interface Combiner<V, C> {
  readonly create: (value: V) => C;
  readonly mergeValue: (combined: C, value: V) => C;
  readonly mergeCombiners: (a: C, b: C) => C;
  /** Whether to combine before the shuffle too. */
  readonly mapSideCombine: boolean;
}

/** All values of a key become one combined value. */
export function combinedByKey<K, V, C>(
  parent: StreamNode<[K, V]>,
  { create, mergeValue, mergeCombiners, mapSideCombine }: Combiner<V, C>,
  partitioner: Partitioner,
): Operator<[K, C]> {
  return {
    kind: "combineByKey",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs =>
      parent
        .getOrCompute(timeMs)
        ?.combineByKey(create, mergeValue, mergeCombiners, partitioner, mapSideCombine),
  };
}

/** All values of a key are reduced to one. */
export function reducedByKey<K, V>(
  parent: StreamNode<[K, V]>,
  f: (a: V, b: V) => V,
  partitioner: Partitioner,
): Operator<[K, V]> {
  return {
    kind: "reduceByKey",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.reduceByKey(f, partitioner),
  };
}

/** All values of a key come together in an array. */
export function groupedByKey<K, V>(parent: StreamNode<[K, V]>, partitioner: Partitioner): Operator<[K, V[]]> {
  return {
    kind: "groupByKey",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.groupByKey(partitioner),
  };
}
