import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Keeps the records of which `f` says so. */
export function filtered<T>(parent: StreamNode<T>, f: (record: T) => boolean): Operator<T> {
  return {
    kind: "filter",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.filter(f),
  };
}
