import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every partition becomes another. */
export function mapPartitioned<T, U>(
  parent: StreamNode<T>,
  f: (records: Iterable<T>) => Iterable<U>,
  preservePartitioning: boolean,
): Operator<U> {
  return {
    kind: "mapPartitions",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.mapPartitions(f, preservePartitioning),
  };
}
