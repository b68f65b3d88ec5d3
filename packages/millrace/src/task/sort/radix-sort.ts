const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Numbers of 64 bits in two columns, and the positions of what they belong to. */
export interface Digits {
  low: Uint32Array;
  high: Uint32Array;
  positions: Uint32Array;
}

/**
 * Puts numbers in order as unsigned integers, equal ones in the order they have. Least significant digit first (Knuth,
 * The Art of Computer Programming 3, 5.2.5); passes whose digit is the same everywhere are left out. Yields between
 * passes.
 */
export function* radixSort(digits: Digits): Generator<void, void, void> {
  const count = digits.low.length;
  let { low, high, positions } = digits;
  let otherLow: Uint32Array = new Uint32Array(count);
  let otherHigh: Uint32Array = new Uint32Array(count);
  let otherPositions: Uint32Array = new Uint32Array(count);
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
  digits.low = low;
  digits.high = high;
  digits.positions = positions;
}

/** `DIGIT_BITS` bits of a number of 64, from `bit` on. */
function digitAt(low: number, high: number, bit: number): number {
  if (bit >= 32) return (high >>> (bit - 32)) & (DIGITS - 1);
  const digit = low >>> bit;
  return (bit + DIGIT_BITS > 32 ? digit | (high << (32 - bit)) : digit) & (DIGITS - 1);
}
