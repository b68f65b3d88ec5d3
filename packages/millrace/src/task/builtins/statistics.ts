import { millraceError } from "../../common/errors/index.ts";
import {
  addToRegisters,
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
} from "../../common/sketches/hyper-log-log.ts";
import { type Moments, StatCounter } from "../../common/statistics/stat-counter.ts";
import { partitionRandom, reservoir } from "../sampling.ts";
import type { TaskInfo } from "../spec.ts";
import { registerBuiltin } from "./registry.ts";

/** Wherever a sample only has to be fair, it is the same one every time. */
const SAMPLE_SEED = 0x5eed;

function asNumber(record: unknown): number {
  if (typeof record === "number") return record;
  throw millraceError("MR_NOT_A_NUMBER", `a number was expected, got ${describe(record)}`);
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `a ${value.constructor?.name ?? "object"}`
    : (JSON.stringify(value) ?? String(value));
}

export const sumNumbers = registerBuiltin("sumNumbers", (records: Iterable<unknown>): number => {
  let sum = 0;
  for (const record of records) sum += asNumber(record);
  return sum;
});

export const momentsOf = registerBuiltin("momentsOf", (records: Iterable<unknown>): Moments => {
  const counter = new StatCounter();
  for (const record of records) counter.merge(asNumber(record));
  return counter.moments;
});

/** How the numbers of a partition spread over the buckets between edges. */
export const histogramOf = registerBuiltin(
  "histogramOf",
  (records: Iterable<unknown>, task: TaskInfo): number[] => {
    const { edges, even } = task.argument as { readonly edges: readonly number[]; readonly even: boolean };
    const counts = new Array<number>(edges.length - 1).fill(0);
    const bucketOf = even ? evenBucket : unevenBucket;
    for (const record of records) {
      const bucket = bucketOf(asNumber(record), edges);
      if (bucket !== undefined) counts[bucket] = (counts[bucket] as number) + 1;
    }
    return counts;
  },
);

/** Buckets of the same width: no search. The last one holds its upper edge. */
function evenBucket(value: number, edges: readonly number[]): number | undefined {
  const least = edges[0] as number;
  const greatest = edges.at(-1) as number;
  if (Number.isNaN(value) || value < least || value > greatest) return undefined;
  const count = edges.length - 1;
  // All in one place: 0 / 0.
  return Math.min(count - 1, Math.floor(((value - least) / (greatest - least)) * count) || 0);
}

/** NaN is greater than all numbers: a last edge of NaN catches everything from the one before on. */
function unevenBucket(value: number, edges: readonly number[]): number | undefined {
  const isLess = (a: number, b: number) => (Number.isNaN(b) ? !Number.isNaN(a) : a < b);
  const last = edges.length - 1;
  if (isLess(value, edges[0] as number) || isLess(edges[last] as number, value)) return undefined;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isLess(value, edges[middle] as number)) high = middle;
    else low = middle;
  }
  return low;
}

export const distinctRegisters = registerBuiltin(
  "distinctRegisters",
  (records: Iterable<unknown>, task: TaskInfo): Uint8Array => {
    const registers = emptyRegisters(task.argument as number);
    for (const record of records) addToRegisters(registers, record);
    return registers;
  },
);

/** Adds a value to a sketch in place. */
export const withDistinct = registerBuiltin("withDistinct", (registers: Uint8Array, value: unknown) => {
  addToRegisters(registers, value);
  return registers;
});
export const mergeDistinct = registerBuiltin("mergeDistinct", mergeRegisters);
export const distinctEstimate = registerBuiltin("distinctEstimate", estimateDistinct);

/** Keys of a partition, so many at most, and how many there are. */
export const sampleKeys = registerBuiltin("sampleKeys", (records: Iterable<unknown>, task: TaskInfo) => {
  const keys = (function* () {
    for (const pair of records) {
      if (!Array.isArray(pair)) throw millraceError("MR_NOT_A_PAIR", "a [key, value] pair was expected");
      yield pair[0] as unknown;
    }
  })();
  return reservoir(keys, task.argument as number, partitionRandom(SAMPLE_SEED, task.partition));
});
