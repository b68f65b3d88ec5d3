import { mergeSort } from "./merge-sort.ts";
import { type Digits, radixSort } from "./radix-sort.ts";

/** Fewer are quicker compared with each other. */
const RADIX_FROM = 1 << 10;
/** Compared between two yields. */
const SLICE = 1 << 13;

/** Whether all keys are strings. */
export function areTexts(keys: readonly unknown[]): keys is readonly string[] {
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] !== "string") return false;
  return true;
}

/**
 * The positions of strings in their order. What all of them begin with is left out, the next characters (eight of one
 * byte, or four) are sorted as numbers, and then those that agree in them by what follows.
 */
export function* sortedTexts(
  keys: readonly string[],
  descending: boolean,
): Generator<void, Uint32Array, void> {
  const positions = new Uint32Array(keys.length);
  for (let i = 0; i < positions.length; i++) positions[i] = i;
  return yield* sortFrom(keys, positions, 0, descending);
}

/** Sorts those at some positions, which agree in their first `from` characters. */
function* sortFrom(
  keys: readonly string[],
  positions: Uint32Array,
  from: number,
  descending: boolean,
): Generator<void, Uint32Array, void> {
  if (positions.length < RADIX_FROM) return sortFew(keys, positions, descending);
  const start = sharedLength(keys, positions, from);
  yield;
  const { digits, width } = digitsAt(keys, positions, start, descending);
  yield;
  yield* radixSort(digits);
  const sorted = digits.positions;
  const { low, high } = digits;
  let compared = 0;
  for (let first = 0, end = 1; first < sorted.length; first = end, end++) {
    while (end < sorted.length && low[end] === low[first] && high[end] === high[first]) end++;
    if (end - first === 1) continue;
    const same = sorted.subarray(first, end);
    if (same.length < RADIX_FROM) {
      same.set(sortFew(keys, same, descending));
      compared += same.length;
      if (compared < SLICE) continue;
      compared = 0;
      yield;
    } else {
      // A string that has ended looks like one that goes on with zeros: only a comparison knows.
      const goesOn = same.every(position => (keys[position] as string).length >= start + width);
      same.set(
        yield* goesOn
          ? sortFrom(keys, same, start + width, descending)
          : mergeSort(same, comparison(keys, descending)),
      );
    }
  }
  return sorted;
}

function sortFew(keys: readonly string[], positions: Uint32Array, descending: boolean): Uint32Array {
  return Uint32Array.from(Array.from(positions).sort(comparison(keys, descending)));
}

function comparison(keys: readonly string[], descending: boolean): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const one = keys[a] as string;
    const other = keys[b] as string;
    return one < other ? -sign : one > other ? sign : 0;
  };
}

/** How many characters, from the first on, all of them have in common; `from` of them are known. */
function sharedLength(keys: readonly string[], positions: Uint32Array, from: number): number {
  const first = keys[positions[0] as number] as string;
  let shared = first.length;
  for (let i = 1; i < positions.length && shared > from; i++) {
    const key = keys[positions[i] as number] as string;
    if (key.length < shared) shared = key.length;
    let at = from;
    while (at < shared && key.charCodeAt(at) === first.charCodeAt(at)) at++;
    shared = at;
  }
  return shared;
}

/** Characters from `start` on as numbers, and how many went into each. */
function digitsAt(
  keys: readonly string[],
  positions: Uint32Array,
  start: number,
  descending: boolean,
): { readonly digits: Digits; readonly width: number } {
  const isWide = positions.some(position => hasWide(keys[position] as string, start));
  const half = isWide ? 2 : 4;
  const bits = isWide ? 16 : 8;
  const flip = descending ? 0xffffffff : 0;
  const low = new Uint32Array(positions.length);
  const high = new Uint32Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    const key = keys[positions[i] as number] as string;
    high[i] = packed(key, start, half, bits) ^ flip;
    low[i] = packed(key, start + half, half, bits) ^ flip;
  }
  return { digits: { low, high, positions: positions.slice() }, width: 2 * half };
}

function hasWide(key: string, start: number): boolean {
  const end = Math.min(key.length, start + 8);
  for (let at = start; at < end; at++) if (key.charCodeAt(at) > 0xff) return true;
  return false;
}

/** `count` characters of `bits` bits as one number; missing ones are 0. */
function packed(key: string, start: number, count: number, bits: number): number {
  let number = 0;
  for (let at = start; at < start + count; at++) {
    number = (number << bits) | (at < key.length ? key.charCodeAt(at) : 0);
  }
  return number;
}
