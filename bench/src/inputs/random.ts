/** A stream of pseudo-random 32-bit integers that is the same on every machine. */
export interface Random {
  /** The next integer in [0, 2^32). */
  next(): number;
  /** An integer in [0, bound); `bound` must be at least 1 and at most 2^32. */
  below(bound: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): integer arithmetic only, so no machine rounds differently. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return { next, below: bound => Math.floor((next() * bound) / 0x1_0000_0000) };
}
