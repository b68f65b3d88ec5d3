import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every record becomes another; partitions and order stay. */
export function mapped<T, U>(parent: StreamNode<T>, f: (record: T) => U): Operator<U> {
  return {
    kind: "map",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.map(f),
  };
}
