import type { IndexedPartitionFunction } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every partition becomes another, by a function that is told which it is. */
export function mapPartitionedWithIndex<T, U>(
  parent: StreamNode<T>,
  f: IndexedPartitionFunction<T, U>,
  preservePartitioning: boolean,
): Operator<U> {
  return {
    kind: "mapPartitionsWithIndex",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.mapPartitionsWithIndex(f, preservePartitioning),
  };
}
