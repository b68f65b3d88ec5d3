/** The moments of numbers as plain data, so that they can leave a task. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly squares: number;
  readonly max: number;
  readonly min: number;
}

/**
 * Count, mean, variance, greatest and least of numbers, in one pass and numerically stable (Welford; merging
 * after Chan, Golub, LeVeque: "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
 *
 * ```ts
 * import { StatCounter } from "millrace";
 * import assert from "node:assert";
 * const counter = new StatCounter([1, 2, 3, 4]);
 * assert.equal(counter.mean, 2.5);
 * assert.equal(counter.variance, 1.25);
 * assert.equal(counter.merge(5).max, 5);
 * ```
 */
export class StatCounter {
  #count = 0;
  #mean = 0;
  #squares = 0;
  #max = Number.NEGATIVE_INFINITY;
  #min = Number.POSITIVE_INFINITY;

  /** @param values to begin with; default none */
  constructor(values: Iterable<number> = []) {
    for (const value of values) this.merge(value);
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** 0 when there was none. */
  get mean(): number {
    return this.#mean;
  }

  /** 0 when there was none. */
  get sum(): number {
    return this.#mean * this.#count;
  }

  /** The greatest; `-Infinity` when there was none. */
  get max(): number {
    return this.#max;
  }

  /** The least; `Infinity` when there was none. */
  get min(): number {
    return this.#min;
  }

  /** Of the numbers as the whole population; NaN when there was none. */
  get variance(): number {
    return this.#count === 0 ? Number.NaN : this.#squares / this.#count;
  }

  /** The same as `variance`. */
  get popVariance(): number {
    return this.variance;
  }

  /** Of the numbers as a sample of a population (divided by one less); NaN when there were fewer than two. */
  get sampleVariance(): number {
    return this.#count <= 1 ? Number.NaN : this.#squares / (this.#count - 1);
  }

  /** The square root of `variance`. */
  get stdev(): number {
    return Math.sqrt(this.variance);
  }

  /** The same as `stdev`. */
  get popStdev(): number {
    return this.stdev;
  }

  /** The square root of `sampleVariance`. */
  get sampleStdev(): number {
    return Math.sqrt(this.sampleVariance);
  }

  /** Adds a number, or all that another counter has seen. Answers itself. */
  merge(other: number | StatCounter): this {
    return typeof other === "number" ? this.#add(other) : this.mergeMoments(other.moments);
  }

  /** Adds what another counter has seen, as data. Answers itself. */
  mergeMoments({ count, mean, squares, max, min }: Moments): this {
    if (count === 0) return this;
    const total = this.#count + count;
    const delta = mean - this.#mean;
    // The mean of two counters of very different size is taken from the larger one.
    if (count * 10 < this.#count) this.#mean += (delta * count) / total;
    else if (this.#count * 10 < count) this.#mean = mean - (delta * this.#count) / total;
    else this.#mean = (this.#mean * this.#count + mean * count) / total;
    this.#squares += squares + (delta * delta * this.#count * count) / total;
    this.#count = total;
    this.#max = Math.max(this.#max, max);
    this.#min = Math.min(this.#min, min);
    return this;
  }

  /** All there is to know, as data. */
  get moments(): Moments {
    return {
      count: this.#count,
      mean: this.#mean,
      squares: this.#squares,
      max: this.#max,
      min: this.#min,
    };
  }

  /** As Spark prints it. */
  toString(): string {
    return `(count: ${this.count}, mean: ${this.mean.toFixed(6)}, stdev: ${this.stdev.toFixed(6)}, max: ${this.max.toFixed(6)}, min: ${this.min.toFixed(6)})`;
  }

  #add(value: number): this {
    const delta = value - this.#mean;
    this.#count += 1;
    this.#mean += delta / this.#count;
    this.#squares += delta * (value - this.#mean);
    this.#max = Math.max(this.#max, value);
    this.#min = Math.min(this.#min, value);
    return this;
  }
}
