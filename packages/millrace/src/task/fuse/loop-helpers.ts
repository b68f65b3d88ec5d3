import { millraceError } from "../../common/errors/index.ts";
import type { Partitioner } from "../../plan/index.ts";
import { ownCombined } from "../own-combined.ts";

/** Records taken from a user's iterable at a time. */
const SLICE_RECORDS = 512;

interface Slices {
  /** The next records; empty at the end. */
  next(): unknown[];
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
        const item = iterator.next();
        if (item.done === true) ended = true;
        else slice.push(item.value);
      }
      return slice;
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

/** What generated loops call. */
export const loopHelpers = { isArray: Array.isArray, slices, notAPair, own: ownCombined, partitionOf };
