import { compareKeys } from "../common/keys/index.ts";
import {
  type Candidate,
  determineBounds,
  type KeyOrder,
  narrow,
  type Origin,
  type PlanNode,
  prepared,
  RangePartitioner,
  shuffle,
} from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import type { Lineage } from "./lineage.ts";
import type { RDD } from "./rdd.ts";
import { onDriver, runAll } from "./run-action.ts";

/** Keys sampled for each range, and how many at most: enough that ranges differ by little in size. */
const SAMPLE_PER_RANGE = 20;
const GREATEST_SAMPLE = 1e6;
/** Partitions may differ in size: each gives some more than its share. */
const OVERSAMPLING = 3;

/** Pairs in order of their keys over all partitions. The bounds of the ranges are found by the first job. */
export function sortedByKey<K, V>(
  rdd: Lineage,
  pairs: PlanNode,
  origin: Origin,
  ascending: boolean,
  numPartitions: number,
  compare: KeyOrder | undefined,
): RDD<[K, V]> {
  const partitioner = new RangePartitioner(numPartitions, ascending, compare);
  const ordering = { descending: !ascending, compare };
  const sorted = shuffle(origin, pairs, partitioner, undefined, ordering);
  if (numPartitions <= 1) {
    partitioner.settle([]);
    return rdd.derive(sorted);
  }
  const source = rdd.derive<[K, V]>(pairs);
  return rdd.derive(
    prepared(sorted, async signal => {
      partitioner.settle(await rangeBounds(source, origin, numPartitions, compare, signal));
    }),
  );
}

/** The records themselves in order of what `f` says of them. */
export function sortedBy<T>(
  rdd: Lineage,
  origin: Origin,
  f: (record: T) => unknown,
  ascending: boolean,
  numPartitions: number,
  compare: KeyOrder | undefined,
): RDD<T> {
  const keyed = narrow(origin, "map", rdd.plan, (record: T) => [f(record), record], false);
  const sorted = sortedByKey(rdd, keyed, origin, ascending, numPartitions, compare);
  return rdd.derive(narrow(origin, "map", sorted.plan, builtins.pairValue, false));
}

/** Keys that cut the pairs into ranges of about the same size, by a sample of every partition. */
export async function rangeBounds(
  pairs: Lineage,
  origin: Origin,
  numPartitions: number,
  compare: KeyOrder = compareKeys,
  signal?: AbortSignal,
): Promise<unknown[]> {
  if (numPartitions <= 1 || pairs.plan.numPartitions === 0) return [];
  const wanted = Math.min(SAMPLE_PER_RANGE * numPartitions, GREATEST_SAMPLE);
  const capacity = Math.ceil((OVERSAMPLING * wanted) / pairs.plan.numPartitions);
  const sink = { kind: "partition", fn: builtins.sampleKeys, argument: capacity } as const;
  const samples = (await runAll(pairs, sink, origin, signal)) as ReturnType<typeof builtins.sampleKeys>[];
  const candidates = samples.flatMap(({ count, sample }) =>
    sample.map((key): Candidate => [key, count / sample.length]),
  );
  const ranges = Math.min(numPartitions, candidates.length);
  return onDriver(origin, () => determineBounds(candidates, ranges, compare));
}
