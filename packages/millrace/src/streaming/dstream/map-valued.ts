import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every value becomes another; keys stay where they are. */
export function mapValued<K, V, W>(parent: StreamNode<[K, V]>, f: (value: V) => W): Operator<[K, W]> {
  return {
    kind: "mapValues",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.mapValues(f),
  };
}
