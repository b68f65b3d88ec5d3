import type { PartitionFunction } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every partition becomes another. */
export function mapPartitioned<T, U>(
  kind: string,
  parent: StreamNode<T>,
  f: PartitionFunction<T, U>,
  preservePartitioning: boolean,
): Operator<U> {
  return {
    kind,
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.mapPartitions(f, preservePartitioning),
  };
}
