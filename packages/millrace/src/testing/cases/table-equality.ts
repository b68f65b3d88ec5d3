import { Duration, Time } from "../../common/time/index.ts";
import { type Equality, listsEqual, multisetsEqual } from "../values-equal.ts";

/** Sums of fractions depend on the order of adding. */
const relativeTolerance = 1e-9;

/**
 * Whether an actual value is what a JSON table says: absent values are `null`, times and durations numbers of
 * milliseconds, numbers that JSON lacks texts, maps lists of pairs or objects, sets lists.
 */
export const matchesTable: Equality = (actual, expected) => {
  const value = plain(actual, expected);
  if (expected === null || expected === undefined) return value === null || value === undefined;
  if (typeof expected === "number") return typeof value === "number" && numbersEqual(value, expected);
  if (typeof expected !== "object") return sameText(value, expected);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(expected)) return Array.isArray(value) && listsEqual(value, expected, matchesTable);
  return !Array.isArray(value) && recordsEqual(value as Fields, expected as Fields);
};

/**
 * Whether a batch of records is what a table says. Without order, values of a group have none either: those
 * of builds that group.
 */
export function recordsMatch(
  actual: readonly unknown[],
  expected: readonly unknown[],
  { build = "", ordered = true }: { readonly build?: string; readonly ordered?: boolean },
): boolean {
  if (ordered) return listsEqual(actual, expected, matchesTable);
  const isCogroup = /\.(cogroup|groupWith)\b/.test(build);
  const equal = isCogroup || /\.group/.test(build) ? matchesGrouped(isCogroup) : matchesTable;
  return multisetsEqual(actual, expected, equal);
}

/**
 * For records whose value is a group, in whatever order its values are. What follows a cogroup has several
 * groups, whose order counts.
 */
function matchesGrouped(isCogroup: boolean): Equality {
  const groupsEqual: Equality = (actual, expected) =>
    Array.isArray(actual) && Array.isArray(expected)
      ? multisetsEqual(actual, expected, matchesTable)
      : matchesTable(actual, expected);
  const valuesEqual: Equality = (actual, expected) =>
    isCogroup && Array.isArray(actual) && Array.isArray(expected)
      ? listsEqual(actual, expected, groupsEqual)
      : groupsEqual(actual, expected);
  return (actual, expected) =>
    isPair(actual) && isPair(expected)
      ? matchesTable(actual[0], expected[0]) && valuesEqual(actual[1], expected[1])
      : matchesTable(actual, expected);
}

type Fields = Readonly<Record<string, unknown>>;

function plain(actual: unknown, expected: unknown): unknown {
  if (actual instanceof Duration || actual instanceof Time) return actual.milliseconds;
  if (actual instanceof Map) return Array.isArray(expected) ? [...actual] : Object.fromEntries(actual);
  if (actual instanceof Set || ArrayBuffer.isView(actual)) return Array.from(actual as Iterable<unknown>);
  return actual;
}

function numbersEqual(actual: number, expected: number): boolean {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return true;
  if (Number.isInteger(actual) && Number.isInteger(expected)) return false;
  return Math.abs(actual - expected) <= relativeTolerance * Math.max(Math.abs(actual), Math.abs(expected));
}

function sameText(actual: unknown, expected: unknown): boolean {
  if (typeof actual === "number" && !Number.isFinite(actual)) return String(actual) === expected;
  return actual === expected;
}

function recordsEqual(actual: Fields, expected: Fields): boolean {
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  for (const name of names) if (!matchesTable(actual[name], expected[name])) return false;
  return true;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
