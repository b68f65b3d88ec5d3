import { compareKeys } from "../common/keys/index.ts";

/** Compares two keys, as for `Array.prototype.sort`. */
type Compare = (a: never, b: never) => number;

/** Elements sorted at a time: some milliseconds of work. */
const RUN = 1 << 14;
/** Elements merged at a time. */
const MERGE_SLICE = 1 << 16;
/** From here on numbers are sorted digit by digit; below, the passes over the counters cost more. */
const RADIX_FROM = 1 << 10;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

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
    if (numbers !== undefined) return yield* radixSort(numbers, descending);
  }
  const order = (compare ?? compareKeys) as (a: unknown, b: unknown) => number;
  const comparePositions = descending
    ? (a: number, b: number) => order(keys[b], keys[a])
    : (a: number, b: number) => order(keys[a], keys[b]);
  return yield* mergeSort(keys.length, comparePositions);
}

/** The keys as numbers, when all of them are. */
function asFloat64(keys: readonly unknown[]): Float64Array | undefined {
  const numbers = new Float64Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key !== "number") return undefined;
    // -0 and 0 are the same key, and all NaN are; + 0 makes the first of the second.
    numbers[i] = Number.isNaN(key) ? Number.NaN : key + 0;
  }
  return numbers;
}

/**
 * Least significant digit first (Knuth, The Art of Computer Programming 3, 5.2.5), on the bits of the numbers,
 * turned so that their order as unsigned integers is that of the numbers; passes whose digit is the same
 * everywhere are left out. NaN comes last.
 */
function* radixSort(numbers: Float64Array, descending: boolean): Generator<void, Uint32Array, void> {
  const count = numbers.length;
  const words = new Uint32Array(numbers.buffer);
  let low = new Uint32Array(count);
  let high = new Uint32Array(count);
  const flip = descending ? 0xffffffff : 0;
  for (let i = 0; i < count; i++) {
    const lower = words[2 * i] as number;
    const upper = words[2 * i + 1] as number;
    const mask = upper >>> 31 === 1 ? 0xffffffff : 0;
    low[i] = lower ^ mask ^ flip;
    high[i] = upper ^ (mask | 0x80000000) ^ flip;
  }
  yield;
  let positions = new Uint32Array(count);
  for (let i = 0; i < count; i++) positions[i] = i;
  let otherLow = new Uint32Array(count);
  let otherHigh = new Uint32Array(count);
  let otherPositions = new Uint32Array(count);
  const starts = new Uint32Array(DIGITS);
  for (let bit = 0; bit < 64; bit += DIGIT_BITS) {
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = digitAt(low[i] as number, high[i] as number, bit);
      starts[digit] = (starts[digit] as number) + 1;
    }
    if (starts[digitAt(low[0] as number, high[0] as number, bit)] === count) continue;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = starts[digit] as number;
      starts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const lower = low[i] as number;
      const upper = high[i] as number;
      const digit = digitAt(lower, upper, bit);
      const to = starts[digit] as number;
      starts[digit] = to + 1;
      otherLow[to] = lower;
      otherHigh[to] = upper;
      otherPositions[to] = positions[i] as number;
    }
    [low, otherLow] = [otherLow, low];
    [high, otherHigh] = [otherHigh, high];
    [positions, otherPositions] = [otherPositions, positions];
    yield;
  }
  return positions;
}

/** `DIGIT_BITS` bits of a number of 64, from `bit` on. */
function digitAt(low: number, high: number, bit: number): number {
  if (bit >= 32) return (high >>> (bit - 32)) & (DIGITS - 1);
  const digit = low >>> bit;
  return (bit + DIGIT_BITS > 32 ? digit | (high << (32 - bit)) : digit) & (DIGITS - 1);
}

/** Sorts runs and merges them, two at a time. */
function* mergeSort(
  count: number,
  compare: (a: number, b: number) => number,
): Generator<void, Uint32Array, void> {
  let positions = new Uint32Array(count);
  for (let from = 0; from < count; from += RUN) {
    const run = Array.from({ length: Math.min(RUN, count - from) }, (_, i) => from + i);
    positions.set(run.sort(compare), from);
    yield;
  }
  let merged = new Uint32Array(count);
  for (let width = RUN; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      const end = Math.min(from + 2 * width, count);
      let left = from;
      let right = middle;
      for (let to = from; to < end; to++) {
        const takesLeft =
          left < middle &&
          (right >= end || compare(positions[left] as number, positions[right] as number) <= 0);
        merged[to] = positions[takesLeft ? left++ : right++] as number;
        if ((to & (MERGE_SLICE - 1)) === 0) yield;
      }
    }
    [positions, merged] = [merged, positions];
  }
  return positions;
}
