import { AccumulatorV2 } from "./accumulator-v2.ts";

/** What accumulators of numbers have in common: a sum, and of how many. */
export abstract class SumAccumulator extends AccumulatorV2<number, number> {
  private total = 0;
  private added = 0;

  /** Whether nothing was added yet, not even a 0. */
  override get isZero(): boolean {
    return this.total === 0 && this.added === 0;
  }

  /** The sum. */
  override get value(): number {
    return this.total;
  }

  /** The sum; 0 when empty. */
  get sum(): number {
    return this.total;
  }

  /** How many numbers were added. */
  get count(): number {
    return this.added;
  }

  /** The average; NaN when empty. */
  get avg(): number {
    return this.total / this.added;
  }

  override reset(): void {
    this.total = 0;
    this.added = 0;
  }

  override add(value: number): void {
    this.total += value;
    this.added += 1;
  }

  override merge(other: this): void {
    this.total += other.sum;
    this.added += other.count;
  }
}
