import { millraceError } from "../../common/errors/index.ts";
import { canonicalKey } from "../../common/keys/index.ts";
import { CHUNK_RECORDS } from "../chunk.ts";
import { TURN } from "../partition-function-source.ts";
import type { TaskInfo } from "../spec.ts";
import { registerBuiltin } from "./registry.ts";

export const glom = registerBuiltin("glom", (records: Iterable<unknown>) => [Array.from(records)]);

type Pair = readonly [unknown, unknown];

function asPair(record: unknown): Pair {
  if (Array.isArray(record)) return record as unknown as Pair;
  throw millraceError("MR_NOT_A_PAIR", "a [key, value] pair was expected");
}

/** All pairs of a partition. */
export const pairsOf = registerBuiltin("pairsOf", (records: Iterable<unknown>): Pair[] =>
  Array.from(records, asPair),
);

/** How often each record of a partition occurs. */
export const countsOf = registerBuiltin("countsOf", (records: Iterable<unknown>) => {
  const counts = new Map<unknown, [unknown, number]>();
  for (const record of records) {
    const identity = canonicalKey(record);
    const known = counts.get(identity);
    if (known === undefined) counts.set(identity, [record, 1]);
    else known[1] += 1;
  }
  return [...counts.values()];
});

/** As a `Map` compares: NaN equals itself, -0 equals 0. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** The values of the key in `task.argument`. */
export const valuesOfKey = registerBuiltin(
  "valuesOfKey",
  (records: Iterable<unknown>, task: TaskInfo): unknown[] => {
    const wanted = canonicalKey(task.argument);
    const values: unknown[] = [];
    for (const record of records) {
      const [key, value] = asPair(record);
      if (isSame(canonicalKey(key), wanted)) values.push(value);
    }
    return values;
  },
);

/** Whether a partition holds anything. */
export const isPartitionEmpty = registerBuiltin("isPartitionEmpty", (records: Iterable<unknown>) => {
  for (const _ of records) return true;
  return false;
});

/** The records without those that occurred before in the same partition. */
export const distinctRecords = registerBuiltin("distinctRecords", function* (records: Iterable<unknown>) {
  const seen = new Set<unknown>();
  for (const record of records) {
    const identity = canonicalKey(record);
    if (seen.has(identity)) continue;
    seen.add(identity);
    yield record;
  }
});

/**
 * Numbers the records for `PositionPartitioner`. Where a partition starts depends on its index, so that many
 * small partitions do not all fill the first ones.
 */
export const dealOut = registerBuiltin("dealOut", function* (index: number, records: Iterable<unknown>) {
  let position = index * 7919;
  for (const record of records) {
    yield [position, record];
    position += 1;
  }
});

/** Pairs the records of two partitions one by one. */
export const zipRecords = registerBuiltin(
  "zipRecords",
  function* (left: Iterable<unknown>, right: Iterable<unknown>) {
    const others = right[Symbol.iterator]();
    for (const one of left) {
      const other = others.next();
      if (other.done === true) throw unequal();
      yield [one, other.value];
    }
    if (others.next().done !== true) throw unequal();
  },
);

function unequal() {
  return millraceError("MR_ZIP_UNEQUAL", "zip needs the same number of elements in each partition");
}

/**
 * Stands for grouping the pairs of co-partitioned inputs; `openInput` knows it and works on chunks, see
 * `cogrouped-source.ts`.
 */
export const cogroupPartitions = registerBuiltin("cogroupPartitions", (): never => {
  throw millraceError("MR_INTERNAL", "cogroup works on chunks");
});

/** The pairs of the first input whose keys the second does not have. */
export const subtractPartitions = registerBuiltin(
  "subtractPartitions",
  function* (left: Iterable<unknown>, right: Iterable<unknown>) {
    const taken = new Set<unknown>();
    let seen = 0;
    for (const record of right) {
      taken.add(canonicalKey(asPair(record)[0]));
      seen += 1;
      if (seen % CHUNK_RECORDS === 0) yield TURN;
    }
    for (const record of left) if (!taken.has(canonicalKey(asPair(record)[0]))) yield record;
  },
);

type Sides = readonly [readonly unknown[], readonly unknown[]];

/** Pairs beyond this are not made all at once. */
const GREATEST_LIST = 1024;

function pairUp(left: readonly unknown[], right: readonly unknown[]): Iterable<unknown> {
  if (left.length === 1 && right.length === 1) return [[left[0], right[0]]];
  if (left.length * right.length > GREATEST_LIST) return pairsOneByOne(left, right);
  const pairs: unknown[] = [];
  for (const one of left) for (const other of right) pairs.push([one, other]);
  return pairs;
}

function* pairsOneByOne(left: readonly unknown[], right: readonly unknown[]) {
  for (const one of left) for (const other of right) yield [one, other];
}

const NOTHING = [undefined];
const orNothing = (values: readonly unknown[]) => (values.length === 0 ? NOTHING : values);

export const innerJoin = registerBuiltin("innerJoin", ([left, right]: Sides) => pairUp(left, right));
export const leftOuterJoin = registerBuiltin("leftOuterJoin", ([left, right]: Sides) =>
  pairUp(left, orNothing(right)),
);
export const rightOuterJoin = registerBuiltin("rightOuterJoin", ([left, right]: Sides) =>
  pairUp(orNothing(left), right),
);
export const fullOuterJoin = registerBuiltin("fullOuterJoin", ([left, right]: Sides) =>
  pairUp(orNothing(left), orNothing(right)),
);
