/*
 * Spark sends a row to partition pmod(murmur3(p, 42), n). For partition i a row must therefore carry an
 * integer with that hash: a pre-image of i. Murmur3 by Austin Appleby (public domain), one int32 block.
 */
const SEED = 42;

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Spark's hash of an int column. */
export function hashInt(value: number): number {
  let k = Math.imul(value | 0, 0xcc9e2d51);
  k = Math.imul(rotated(k, 15), 0x1b873593);
  let h = rotated(SEED ^ k, 13);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

const known = new Map<number, readonly number[]>();

/** For each of `count` partitions the least non-negative integer that Spark sends there. */
export function preimages(count: number): readonly number[] {
  let found = known.get(count);
  if (found === undefined) {
    const values = new Array<number>(count).fill(-1);
    for (let value = 0, left = count; left > 0; value++) {
      const partition = ((hashInt(value) % count) + count) % count;
      if (values[partition] !== -1) continue;
      values[partition] = value;
      left -= 1;
    }
    found = values;
    known.set(count, found);
  }
  return found;
}
