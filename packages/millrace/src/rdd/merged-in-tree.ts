import type { AnyFunction } from "../closure/index.ts";
import { millraceError } from "../common/errors/index.ts";
import { HashPartitioner, narrow, type Origin, shuffle } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { type Lineage, placeOf } from "./lineage.ts";
import type { RDD } from "./rdd.ts";

/**
 * What `partial` makes of every partition, merged in rounds so that each level of a tree of `depth` is about
 * the same number of times smaller than the one before.
 */
export function mergedInTree<A>(
  rdd: Lineage,
  origin: Origin,
  partial: AnyFunction,
  merge: (a: A, b: A) => A,
  depth: number,
): RDD<A> {
  if (!Number.isInteger(depth) || depth < 1) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `Depth must be an integer of at least 1, got ${depth}`,
      placeOf(origin),
    );
  }
  let node = narrow(origin, "mapPartitions", rdd.plan, partial, false);
  const scale = Math.max(2, Math.ceil(node.numPartitions ** (1 / depth)));
  // Another round is worth it while it saves more partitions than it has itself.
  while (node.numPartitions > scale + Math.ceil(node.numPartitions / scale)) {
    const count = Math.ceil(node.numPartitions / scale);
    const dealt = narrow(origin, "mapPartitionsWithIndex", node, dealInto(count), false);
    const merged = shuffle(origin, dealt, new HashPartitioner(count), {
      create: undefined,
      mergeValue: merge,
      mergeCombiners: merge,
      mapSideCombine: true,
    });
    node = narrow(origin, "map", merged, builtins.pairValue, false);
  }
  return rdd.derive(node);
}

/** Partial results as pairs, those of neighbouring partitions under different keys. */
function dealInto(count: number) {
  return function* (index: number, records: Iterable<unknown>) {
    for (const record of records) yield [index % count, record];
  };
}
