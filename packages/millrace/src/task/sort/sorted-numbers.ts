import { type Digits, radixSort } from "./radix-sort.ts";

/** The keys as numbers, when all of them are. */
export function asFloat64(keys: readonly unknown[]): Float64Array | undefined {
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
 * The positions of numbers in their order. Their bits are turned so that their order as unsigned integers is that of
 * the numbers; NaN comes last.
 */
export function* sortedNumbers(
  numbers: Float64Array,
  descending: boolean,
): Generator<void, Uint32Array, void> {
  const count = numbers.length;
  const words = new Uint32Array(numbers.buffer);
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const positions = new Uint32Array(count);
  const flip = descending ? 0xffffffff : 0;
  for (let i = 0; i < count; i++) {
    const lower = words[2 * i] as number;
    const upper = words[2 * i + 1] as number;
    const mask = upper >>> 31 === 1 ? 0xffffffff : 0;
    low[i] = lower ^ mask ^ flip;
    high[i] = upper ^ (mask | 0x80000000) ^ flip;
    positions[i] = i;
  }
  yield;
  const digits: Digits = { low, high, positions };
  yield* radixSort(digits);
  return digits.positions;
}
