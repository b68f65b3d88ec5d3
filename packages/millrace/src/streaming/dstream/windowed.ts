import { StorageLevel } from "../../plan/index.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";
import { checkWindow } from "./window-durations.ts";

/** Everything the parent had in the last `windowMs`, oldest first, every `slideMs`. */
export function windowed<T>(
  context: SparkContext,
  parent: StreamNode<T>,
  windowMs: number,
  slideMs: number,
): Operator<T> {
  checkWindow("windowed DStream", parent, windowMs, slideMs);
  // Every RDD of the parent is read by several windows.
  parent.setStorageLevel(StorageLevel.MEMORY_ONLY_SER);
  return {
    kind: "window",
    parents: [parent],
    slideMs,
    windowMs,
    compute: timeMs => context.union(rddsBetween(parent, timeMs - windowMs + parent.slideMs, timeMs)),
    persistTargets: () => [parent],
  };
}

/** The stream's RDDs from `fromMs` to `toMs`, both included; times without an RDD are left out. */
export function rddsBetween<T>(stream: StreamNode<T>, fromMs: number, toMs: number): RDD<T>[] {
  const rdds: RDD<T>[] = [];
  for (let atMs = Math.max(fromMs, stream.zeroMs + stream.slideMs); atMs <= toMs; atMs += stream.slideMs) {
    const rdd = stream.getOrCompute(atMs);
    if (rdd !== undefined) rdds.push(rdd);
  }
  return rdds;
}
