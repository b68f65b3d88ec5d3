import { millraceError } from "../common/errors/index.ts";
import { driverFailure, type JobSink } from "../engine/index.ts";
import type { Origin } from "../plan/index.ts";
import { ownCombined } from "../task/own-combined.ts";
import type { Reduced } from "../task/spec.ts";
import { type Lineage, originOf, placeOf } from "./lineage.ts";

/** How many times more partitions `take` looks at when those before held too few records. */
const TAKE_SCALE_UP = 4;

/** What a sink makes of every partition, in order. */
export function runAll(
  rdd: Lineage,
  sink: JobSink,
  origin: Origin,
  signal?: AbortSignal,
): Promise<unknown[]> {
  return rdd.context.runJob(rdd.plan, indices(rdd.plan.numPartitions), sink, origin, signal);
}

/** 0 … `count` - 1. */
function indices(count: number): number[] {
  const all: number[] = [];
  for (let i = 0; i < count; i++) all.push(i);
  return all;
}

/** Runs functions of the user on the driver: what they throw becomes a coded error as in a task. */
export function onDriver<R>(origin: Origin, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw driverFailure(origin, error);
  }
}

/** One record of all, by choosing between two at a time. */
export async function reduced<T>(rdd: Lineage, origin: Origin, choose: (a: T, b: T) => T): Promise<T> {
  const results = (await runAll(rdd, { kind: "reduce", fn: choose }, origin)) as Reduced[];
  const parts = results.filter(part => part.has).map(part => part.value as T);
  if (parts.length === 0) throw emptyCollection(origin);
  return onDriver(origin, () => parts.reduce((a, b) => choose(a, b)));
}

/** `addRecord` within each partition, `merge` across them; each use of `zero` is a copy. */
export async function aggregated<T, A>(
  rdd: Lineage,
  origin: Origin,
  zero: A,
  addRecord: (sum: A, record: T) => A,
  merge: (a: A, b: A) => A,
): Promise<A> {
  const sink = { kind: "reduce", fn: addRecord, zero: () => zero } as const;
  const parts = (await runAll(rdd, sink, origin)) as Reduced[];
  return onDriver(origin, () => {
    let sum = ownCombined(zero) as A;
    for (const part of parts) sum = merge(sum, part.value as A);
    return sum;
  });
}

/** The first `count` records in the order of `compare`. */
export async function orderedFirst<T>(
  rdd: Lineage,
  operator: string,
  count: number,
  compare: (a: T, b: T) => number,
): Promise<T[]> {
  const origin = originOf(rdd, operator, compare);
  checkCount(origin, count);
  const fn = (records: Iterable<T>) => Array.from(records).sort(compare).slice(0, count);
  const parts = (await runAll(rdd, { kind: "partition", fn }, origin)) as T[][];
  return onDriver(origin, () => parts.flat().sort(compare).slice(0, count));
}

/** The first `limit` records, looking at no more partitions than it takes. */
export async function firstRecords<T>(rdd: Lineage, limit: number, origin: Origin): Promise<T[]> {
  checkCount(origin, limit);
  const { numPartitions } = rdd.plan;
  const taken: T[] = [];
  let next = 0;
  for (let wanted = 1; next < numPartitions && taken.length < limit; wanted *= TAKE_SCALE_UP) {
    const count = Math.min(wanted, numPartitions - next);
    const partitions = Array.from({ length: count }, (_, i) => next + i);
    const sink = { kind: "take", limit: limit - taken.length } as const;
    const parts = (await rdd.context.runJob(rdd.plan, partitions, sink, origin)) as T[][];
    for (const part of parts) for (const record of part) if (taken.length < limit) taken.push(record);
    next += count;
  }
  return taken;
}

/** The records of one partition after the other, fetched when they are wanted. */
export async function* localRecords<T>(rdd: Lineage, origin: Origin): AsyncGenerator<T, void, undefined> {
  for (let partition = 0; partition < rdd.plan.numPartitions; partition++) {
    yield* localPartition<T>(rdd, partition, origin);
  }
}

/** The records of one partition, fetched when the first one is wanted. */
export async function* localPartition<T>(
  rdd: Lineage,
  partition: number,
  origin: Origin,
): AsyncGenerator<T, void, undefined> {
  checkPartition(rdd, partition, origin);
  const [records] = await rdd.context.runJob(rdd.plan, [partition], { kind: "collect" }, origin);
  yield* records as T[];
}

function checkPartition({ plan }: Lineage, partition: number, origin: Origin): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < plan.numPartitions) return;
  const message = `there is no partition ${partition}, only ${plan.numPartitions}`;
  throw millraceError("MR_BAD_ARGUMENT", message, placeOf(origin));
}

/** Checks how many records are wanted. */
export function checkCount(origin: Origin, count: number): void {
  if ((Number.isInteger(count) && count >= 0) || count === Number.POSITIVE_INFINITY) return;
  throw millraceError("MR_BAD_ARGUMENT", `a count of at least 0 was expected, got ${count}`, placeOf(origin));
}

/** For actions that need a record and found none. */
export function emptyCollection(origin: Origin) {
  return millraceError("MR_EMPTY_COLLECTION", "empty collection", placeOf(origin));
}
