import { millraceError } from "../common/errors/index.ts";
import type { StatCounter } from "../common/statistics/stat-counter.ts";
import type { Origin } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { type Lineage, placeOf } from "./lineage.ts";
import { runAll } from "./run-action.ts";

/** How many numbers fall between edges. */
export async function histogramCounts(
  rdd: Lineage,
  origin: Origin,
  edges: readonly number[],
  even: boolean,
): Promise<number[]> {
  if (edges.length < 2) {
    throw millraceError("MR_BAD_ARGUMENT", "a histogram needs at least 2 edges", placeOf(origin));
  }
  const sink = { kind: "partition", fn: builtins.histogramOf, argument: { edges, even } } as const;
  const parts = (await runAll(rdd, sink, origin)) as number[][];
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const part of parts)
    part.forEach((count, i) => {
      counts[i] = (counts[i] as number) + count;
    });
  return counts;
}

/** Edges of buckets of the same width from the least to the greatest number; of one bucket when these are equal. */
export function evenEdges(origin: Origin, { min, max }: StatCounter, count: number): number[] {
  if (!Number.isInteger(count) || count < 1) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `a histogram needs an integer number of buckets of at least 1, got ${count}`,
      placeOf(origin),
    );
  }
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw millraceError(
      "MR_NOT_FINITE",
      "Histogram on either an empty RDD or RDD containing +/-infinity or NaN",
      placeOf(origin),
    );
  }
  if (min === max) return [min, max];
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? max : min + (i * (max - min)) / count));
}
