import type { RDD } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";

/** The number of records as an RDD of exactly one, 0 included. */
export function counted(rdd: RDD<unknown>): RDD<number> {
  const zero = rdd.context.parallelize<[null, number]>([[null, 0]], 1);
  return rdd.mapPartitions(sizeOf).union(zero).reduceByKey(sum, 1).values();
}

/** All records reduced to one; an RDD without records gives none. */
export function reduced<T>(parent: StreamNode<T>, f: (a: T, b: T) => T): Operator<T> {
  return {
    kind: "reduce",
    parents: [parent],
    slideMs: parent.slideMs,
    compute: timeMs => parent.getOrCompute(timeMs)?.map<null, T>(underNull).reduceByKey(f, 1).values(),
  };
}

function sizeOf(records: Iterable<unknown>): [null, number][] {
  let size = 0;
  for (const _ of records) size += 1;
  return [[null, size]];
}

function sum(a: number, b: number): number {
  return a + b;
}

function underNull<T>(record: T): [null, T] {
  return [null, record];
}
