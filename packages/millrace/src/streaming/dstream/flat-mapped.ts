import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** Every record becomes any number of others. */
export function flatMapped<T, U>(parent: StreamNode<T>, f: (record: T) => Iterable<U>): Operator<U> {
  return {
    kind: "flatMap",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.flatMap(f),
  };
}
