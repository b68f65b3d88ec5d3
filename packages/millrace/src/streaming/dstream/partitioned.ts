import type { Partitioner } from "../../plan/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every pair goes to the partition of its key. */
export function partitioned<K, V>(parent: StreamNode<[K, V]>, partitioner: Partitioner): Operator<[K, V]> {
  return {
    kind: "partitionBy",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.partitionBy(partitioner),
  };
}
