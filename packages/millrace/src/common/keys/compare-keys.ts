import { checkStructure, isDate, type RecordKey, sortedNames } from "./structure.ts";

/**
 * The natural order of keys, total over all types: negative when `a` comes first, 0 exactly when the keys
 * are equal. Numbers by size with NaN last, texts by UTF-16 code units, `false` before `true`, dates by
 * time, arrays part by part with the shorter first, plain objects by their sorted properties. Different
 * types: null, undefined, booleans, numbers, bigints, strings, dates, arrays, objects.
 *
 * @throws MR_KEY_UNSUPPORTED when something that is compared cannot be a key
 */
export function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return compareParts(a, b, 0);
}

const ranks = { undefined: 1, boolean: 2, number: 3, bigint: 4, string: 5 } as const;
const dateRank = 6;
const arrayRank = 7;
const recordRank = 8;

function rankOf(key: unknown, depth: number): number {
  const type = typeof key;
  if (type !== "object" && type !== "function" && type !== "symbol") return ranks[type];
  if (key === null) return 0;
  checkStructure(key, depth);
  return isDate(key) ? dateRank : Array.isArray(key) ? arrayRank : recordRank;
}

function compareParts(a: unknown, b: unknown, depth: number): number {
  const rank = rankOf(a, depth);
  const difference = rank - rankOf(b, depth);
  if (difference !== 0) return difference;
  // Equal ranks mean equal types, which TypeScript cannot see.
  switch (rank) {
    case ranks.number:
      return compareNumbers(a as number, b as number);
    case dateRank:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    case arrayRank:
      return compareArrays(a as readonly unknown[], b as readonly unknown[], depth);
    case recordRank:
      return compareArrays(flattened(a as RecordKey), flattened(b as RecordKey), depth);
    case ranks.boolean:
    case ranks.bigint:
    case ranks.string:
      return compareOrdered(a as string, b as string);
    default:
      return 0;
  }
}

function compareOrdered<T extends string | number | bigint | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return compareOrdered(a, b);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], depth: number): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareParts(a[i], b[i], depth + 1);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function flattened(record: RecordKey): unknown[] {
  return sortedNames(record).flatMap(name => [name, record[name]]);
}
