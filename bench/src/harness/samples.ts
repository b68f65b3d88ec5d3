/**
 * Measured numbers. Their memory is there from the start and outside the heap, so that measuring does not look
 * like a leak of what is measured.
 */
export class Samples {
  readonly #values: Float64Array;
  #count = 0;

  /** @param capacity how many are kept; later ones are not */
  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  push(value: number): void {
    if (this.#count < this.#values.length) this.#values[this.#count++] = value;
  }

  /** Those from one position to another, as a list. */
  list(from = 0, to: number = this.#count): number[] {
    return Array.from(this.#values.subarray(from, Math.min(to, this.#count)));
  }
}
