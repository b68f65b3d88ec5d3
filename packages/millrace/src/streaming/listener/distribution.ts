/** The quartiles of some numbers, the smallest and the greatest among them. */
export interface Quartiles {
  readonly count: number;
  readonly min: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly max: number;
}

/** Each quartile is one of the numbers, not a mean of two; `undefined` when there are none. */
export function quartilesOf(numbers: readonly number[]): Quartiles | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(Math.floor(part * sorted.length), sorted.length - 1)] as number;
  if (sorted.length === 0) return undefined;
  return {
    count: sorted.length,
    min: at(0),
    lower: at(0.25),
    median: at(0.5),
    upper: at(0.75),
    max: at(1),
  };
}
