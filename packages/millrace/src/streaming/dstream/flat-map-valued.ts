import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every value becomes any number of others under the same key; keys stay where they are. */
export function flatMapValued<K, V, W>(
  parent: StreamNode<[K, V]>,
  f: (value: V) => Iterable<W>,
): Operator<[K, W]> {
  return {
    kind: "flatMapValues",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.flatMapValues(f),
  };
}
