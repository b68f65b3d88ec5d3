import type { Random } from "./random.ts";

/** Draws index i of `weights` with probability weights[i] / sum. */
export interface WeightedSampler {
  draw(random: Random): number;
}

/** Walker's alias method (Vose 1991): one table look-up and one comparison a draw. */
export function weightedSampler(weights: Float64Array): WeightedSampler {
  const n = weights.length;
  let total = 0;
  for (const w of weights) total += w;
  const threshold = new Float64Array(n);
  const alias = new Int32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) {
    const scaled = ((weights[i] as number) * n) / total;
    threshold[i] = scaled;
    (scaled < 1 ? small : large).push(i);
  }
  while (small.length > 0 && large.length > 0) {
    const s = small.pop() as number;
    const l = large.pop() as number;
    alias[s] = l;
    const rest = (threshold[l] as number) - (1 - (threshold[s] as number));
    threshold[l] = rest;
    (rest < 1 ? small : large).push(l);
  }
  for (const i of small) threshold[i] = 1;
  for (const i of large) threshold[i] = 1;
  return {
    draw(random) {
      const i = random.below(n);
      return random.next() / 0x1_0000_0000 < (threshold[i] as number) ? i : (alias[i] as number);
    },
  };
}

/** Zipf's law with exponent 1: the word of rank r (from 1) weighs 1/r. */
export function zipfWeights(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => 1 / (i + 1));
}
