import type { AnyFunction } from "../closure/index.ts";
import { captureCallSite } from "../common/call-site.ts";
import { millraceError } from "../common/errors/index.ts";
import {
  type Aggregator,
  HashPartitioner,
  type NarrowKind,
  narrow,
  type Origin,
  type Partitioning,
  type PlanNode,
  shuffle,
  wantedPartitioner,
  zipPartitions,
} from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { ownCombined } from "../task/own-combined.ts";
import { partitionerFor } from "./default-partitioner.ts";
import type { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";

/** What operations need of an RDD, whatever its records are. */
export interface Lineage {
  readonly context: SparkContext;
  readonly plan: PlanNode;
  derive<U>(plan: PlanNode): RDD<U>;
}

/** The operation and the user's line; functions that tasks will run are checked here, where they are declared. */
export function originOf(rdd: Lineage, operator: string, ...functions: readonly AnyFunction[]): Origin {
  rdd.context.assertRunning();
  const site = captureCallSite(operator);
  for (const fn of functions) rdd.context.checkFunction(fn, operator, site);
  return { operator, site };
}

/** The same for an action without functions: its line is needed for errors and listeners only. */
export function actionOrigin(rdd: Lineage, operator: string): Origin {
  rdd.context.assertRunning();
  return { operator, site: rdd.context.actionSite(operator) };
}

/** An origin as errors want it. */
export function placeOf(origin: Origin): { readonly operator: string; readonly site?: string } {
  return { operator: origin.operator, ...(origin.site === undefined ? {} : { site: origin.site.text }) };
}

/** Checks a number of partitions that may be none. */
export function checkPartitions(origin: Origin, numPartitions: number): void {
  if (Number.isInteger(numPartitions) && numPartitions >= 0) return;
  throw millraceError(
    "MR_BAD_ARGUMENT",
    `an integer number of partitions of at least 0 was expected, got ${numPartitions}`,
    placeOf(origin),
  );
}

/** One narrow step with a function of the user. */
export function narrowed<U>(
  rdd: Lineage,
  operator: string,
  kind: NarrowKind,
  fn: AnyFunction,
  keepsKeys = false,
): RDD<U> {
  return rdd.derive(narrow(originOf(rdd, operator, fn), kind, rdd.plan, fn, keepsKeys));
}

/** `fn` of the partitions with the same index, of which there must be equally many. */
export function zipped<U>(
  rdd: Lineage,
  operator: string,
  others: readonly Lineage[],
  fn: AnyFunction,
  keepsKeys: boolean,
): RDD<U> {
  const origin = originOf(rdd, operator, fn);
  if (!others.every(other => other?.plan !== undefined)) {
    throw millraceError("MR_BAD_ARGUMENT", `${operator} needs other RDDs`, placeOf(origin));
  }
  if (others.some(other => other.plan.numPartitions !== rdd.plan.numPartitions)) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      "Can't zip RDDs with unequal numbers of partitions",
      placeOf(origin),
    );
  }
  const plans = others.map(other => other.plan);
  const partitioner = keepsKeys ? rdd.plan.partitioner : undefined;
  return rdd.derive(zipPartitions(origin, [rdd.plan, ...plans], fn, partitioner));
}

/** An aggregator that starts every key from a copy of `zero`. */
export function aggregatorFrom<V, A>(
  zero: A,
  addValue: (sum: A, value: V) => A,
  merge: (a: A, b: A) => A,
): Aggregator {
  return {
    create: (value: V) => addValue(ownCombined(zero) as A, value),
    mergeValue: addValue,
    mergeCombiners: merge,
    mapSideCombine: true,
  };
}

/** Pairs brought to their partitions, and combined there when an aggregator says how. */
export function shuffled<K, C>(
  rdd: Lineage,
  origin: Origin,
  partitioning: Partitioning,
  aggregator: Aggregator | undefined,
): RDD<[K, C]> {
  const partitioner = partitionerFor(rdd.context, [rdd.plan], partitioning);
  return rdd.derive(shuffle(origin, rdd.plan, partitioner, aggregator));
}

/** For every key the lists of its values, one list per input. */
export function cogrouped<K, G>(
  rdd: Lineage,
  origin: Origin,
  others: readonly Lineage[],
  partitioning: Partitioning,
): RDD<[K, G]> {
  const plans = [rdd.plan, ...others.map(other => other.plan)];
  const partitioner = partitionerFor(rdd.context, plans, partitioning);
  const [first, ...rest] = plans.map(plan => shuffle(origin, plan, partitioner));
  const parents = [first as PlanNode, ...rest] as const;
  return rdd.derive(zipPartitions(origin, parents, builtins.cogroupPartitions, partitioner));
}

/** The pairs of `left` whose keys `right` does not have, where `left` has them if nothing else is wanted. */
export function subtracted(
  origin: Origin,
  left: PlanNode,
  right: PlanNode,
  partitioning: Partitioning,
): PlanNode {
  const partitioner =
    wantedPartitioner(partitioning) ?? left.partitioner ?? new HashPartitioner(left.numPartitions);
  const parents = [shuffle(origin, left, partitioner), shuffle(origin, right, partitioner)] as const;
  return zipPartitions(origin, parents, builtins.subtractPartitions, partitioner);
}

/** Both inputs by key; `sides` makes the results of a key from its values on the left and on the right. */
export function joined<K, J>(
  rdd: Lineage,
  operator: string,
  sides: AnyFunction,
  other: Lineage,
  partitioning: Partitioning,
): RDD<[K, J]> {
  const origin = originOf(rdd, operator);
  const grouped = cogrouped(rdd, origin, [other], partitioning);
  return rdd.derive(narrow(origin, "flatMapValues", grouped.plan, sides, true));
}
