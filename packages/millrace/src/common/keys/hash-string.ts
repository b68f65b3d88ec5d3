/**
 * MurmurHash3 (x86, 32 bit; Austin Appleby, public domain) of a text in UTF-16LE: two code units to a block. State is kept where these numbers put it: they must never change.
 */
export function hashString(text: string, seed: number): number {
  const { length } = text;
  const even = length & ~1;
  let hash = seed;
  for (let i = 0; i < even; i += 2) {
    hash = mixBlock(hash, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  }
  if (even !== length) hash ^= scramble(text.charCodeAt(even));
  return finalMix(hash ^ (length << 1));
}

/** Takes 32 more bits into a running hash. */
export function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit over the whole number; answers a uint32. */
export function finalMix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
