import { millraceError } from "../../common/errors/index.ts";
import type { Partitioner } from "../../plan/index.ts";
import { packedHash } from "../aggregation-table.ts";
import { countLines } from "../count-lines.ts";
import { ownCombined } from "../own-combined.ts";

/** Records taken from a user's iterable at a time. */
const SLICE_RECORDS = 512;

interface Slices {
  /** The next records; empty at the end. */
  next(): unknown[];
  /** Tells the iterator that no more is wanted, unless it has ended by itself. */
  close(): void;
}

/** Cuts whatever a `flatMap` function returned into arrays; says so when it cannot be iterated. */
function slices(result: unknown): Slices {
  const iterate = (result as Iterable<unknown> | null | undefined)?.[Symbol.iterator];
  if (typeof iterate !== "function") {
    throw millraceError("MR_BAD_ARGUMENT", `the function must return an iterable, got ${describe(result)}`, {
      hint: "Return an array (an empty one for nothing), or use map.",
    });
  }
  const iterator = iterate.call(result);
  let ended = false;
  return {
    next() {
      const slice: unknown[] = [];
      while (!ended && slice.length < SLICE_RECORDS) {
        // Until the iterator has answered it counts as ended: one that throws is not told to return.
        ended = true;
        const item = iterator.next();
        if (item.done === true) break;
        ended = false;
        slice.push(item.value);
      }
      return slice;
    },
    close() {
      if (ended) return;
      ended = true;
      iterator.return?.();
    },
  };
}

function notAPair(record: unknown): never {
  throw millraceError("MR_NOT_A_PAIR", `a [key, value] pair was expected, got ${describe(record)}`);
}

/** The partition of a key, checked: a partitioner may be the user's. */
export function partitionOf(partitioner: Partitioner, key: unknown, count: number): number {
  const partition = partitioner.getPartition(key);
  if (!Number.isInteger(partition) || partition < 0 || partition >= count) {
    throw millraceError(
      "MR_PARTITIONER",
      `${partitioner.constructor.name}.getPartition answered ${describe(partition)} for one of ${count} partitions`,
    );
  }
  return partition;
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? `an array of ${value.length}` : `a ${value.constructor?.name ?? "object"}`;
  }
  return String(value);
}

/** What a user's `createCombiner` answered: a copy when that is the record's own value, which others may read. */
function created(combined: unknown, value: unknown): unknown {
  return combined === value ? ownCombined(combined) : combined;
}

/** What generated loops call. */
export const loopHelpers = {
  isArray: Array.isArray,
  slices,
  notAPair,
  own: ownCombined,
  created,
  partitionOf,
  packedHash,
  countLines,
};
