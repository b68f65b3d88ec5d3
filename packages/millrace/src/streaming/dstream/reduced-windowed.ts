import { millraceError } from "../../common/errors/index.ts";
import { type Partitioner, StorageLevel } from "../../plan/index.ts";
import type { SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import type { StreamNode } from "./stream-node.ts";
import { checkWindow } from "./window-durations.ts";
import { rddsBetween } from "./windowed.ts";

/** How a window's values are reduced, and how a value is taken out again. */
export interface WindowReduction<K, V> {
  readonly reduce: (a: V, b: V) => V;
  /** `inverse(reduce(x, y), y)` is `x`. */
  readonly inverse: (reduced: V, leaving: V) => V;
  /** Which results stay; one that does not is forgotten by the next window too. */
  readonly filter: ((pair: [K, V]) => boolean) | undefined;
}

/**
 * Reduces a window from the last window's result: what left is taken out, what came is added, so a window
 * costs what changed. `reduced` is the parent with its values reduced per key and slide, partitioned by
 * `partitioner`; everything here lies in that partitioning and nothing is shuffled again.
 */
export function reducedWindowed<K, V>(
  context: SparkContext,
  reduced: StreamNode<[K, V]>,
  { reduce, inverse, filter }: WindowReduction<K, V>,
  partitioner: Partitioner,
  windowMs: number,
  slideMs: number,
): Operator<[K, V]> {
  checkWindow("ReducedWindowedDStream", reduced, windowMs, slideMs);
  reduced.setStorageLevel(StorageLevel.MEMORY_ONLY_SER);
  const combine = combineParts(reduce, inverse);
  return {
    kind: "reduceByKeyAndWindow",
    parents: [reduced],
    slideMs,
    windowMs,
    mustCheckpoint: true,
    storageLevel: StorageLevel.MEMORY_ONLY_SER,
    persistTargets: self => [reduced, self],
    compute: (timeMs, self) => {
      const beginMs = timeMs - windowMs + reduced.slideMs;
      const previous = self.getOrCompute(timeMs - slideMs) ?? context.emptyRDD<[K, V]>();
      const leaving = rddsBetween(reduced, beginMs - slideMs, beginMs - reduced.slideMs);
      const entering = rddsBetween(reduced, timeMs - slideMs + reduced.slideMs, timeMs);
      const result = previous
        .cogroup(context.union(leaving), context.union(entering), partitioner)
        .mapValues(combine);
      return filter === undefined ? result : result.filter(filter);
    },
  };
}

/** A key's value from the last window's result, the values that leave and those that enter. */
type Parts<V> = [previous: V[], leaving: V[], entering: V[]];

function combineParts<V>(reduce: (a: V, b: V) => V, inverse: (a: V, b: V) => V): (parts: Parts<V>) => V {
  return ([[last], leaving, entering]) => {
    if (last === undefined) {
      if (entering.length > 0) return entering.reduce((a, b) => reduce(a, b));
      throw millraceError(
        "MR_WINDOW_INVERSE",
        "Neither previous window has value for key, nor new values found. Are you sure your key class hashes consistently?",
      );
    }
    const kept =
      leaving.length === 0
        ? last
        : inverse(
            last,
            leaving.reduce((a, b) => reduce(a, b)),
          );
    return entering.length === 0
      ? kept
      : reduce(
          kept,
          entering.reduce((a, b) => reduce(a, b)),
        );
  };
}
