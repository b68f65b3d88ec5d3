import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every partition becomes one array. */
export function glommed<T>(parent: StreamNode<T>): Operator<T[]> {
  return {
    kind: "glom",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.glom(),
  };
}
