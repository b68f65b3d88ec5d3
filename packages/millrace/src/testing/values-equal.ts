import { isDeepStrictEqual } from "node:util";

/** Whether an actual value is what was expected. */
export type Equality = (actual: unknown, expected: unknown) => boolean;

/** By value: structures deeply, classes too, `NaN` equal to itself, 0 to −0. */
export const valuesEqual: Equality = (actual, expected) =>
  actual === expected || isDeepStrictEqual(actual, expected);

/** Whether two lists are equal element by element. */
export function listsEqual(
  actual: readonly unknown[],
  expected: readonly unknown[],
  equal: Equality,
): boolean {
  return actual.length === expected.length && actual.every((value, i) => equal(value, expected[i]));
}

/** Whether two lists hold the same elements equally often, in whatever order. */
export function multisetsEqual(
  actual: readonly unknown[],
  expected: readonly unknown[],
  equal: Equality,
): boolean {
  if (actual.length !== expected.length) return false;
  return multisetDifference(actual, expected, equal).missing.length === 0;
}

/** Which elements are expected and not there, and which are there and not expected. */
export function multisetDifference(
  actual: readonly unknown[],
  expected: readonly unknown[],
  equal: Equality,
): { readonly missing: unknown[]; readonly unexpected: unknown[] } {
  const unexpected = [...actual];
  const missing: unknown[] = [];
  for (const value of expected) {
    const position = unexpected.findIndex(candidate => equal(candidate, value));
    if (position < 0) missing.push(value);
    else unexpected.splice(position, 1);
  }
  return { missing, unexpected };
}
