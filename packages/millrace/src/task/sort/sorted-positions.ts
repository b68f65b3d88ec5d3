import { compareKeys } from "../../common/keys/index.ts";
import { mergeSort } from "./merge-sort.ts";
import { asFloat64, sortedNumbers } from "./sorted-numbers.ts";
import { areTexts, sortedTexts } from "./sorted-texts.ts";

/** Compares two keys, as for `Array.prototype.sort`. */
type Compare = (a: never, b: never) => number;

/** From here on numbers are sorted digit by digit; below, the passes over the counters cost more. */
const RADIX_FROM = 1 << 10;

/**
 * The positions of `keys` in order of the keys, equal ones in the order they have. Yields when it has worked
 * for a while, so that the event loop can get its turn.
 *
 * @param compare absent: the natural order of keys
 */
export function* sortedPositions(
  keys: readonly unknown[],
  descending: boolean,
  compare: Compare | undefined,
): Generator<void, Uint32Array, void> {
  if (compare === undefined && keys.length >= RADIX_FROM) {
    const numbers = asFloat64(keys);
    yield;
    if (numbers !== undefined) return yield* sortedNumbers(numbers, descending);
    if (areTexts(keys)) return yield* sortedTexts(keys, descending);
  }
  const order = (compare ?? compareKeys) as (a: unknown, b: unknown) => number;
  const comparePositions = descending
    ? (a: number, b: number) => order(keys[b], keys[a])
    : (a: number, b: number) => order(keys[a], keys[b]);
  const positions = new Uint32Array(keys.length);
  for (let i = 0; i < positions.length; i++) positions[i] = i;
  return yield* mergeSort(positions, comparePositions);
}
