/** Bytes that are appended to; grows by doubling. */
export class ByteStore {
  #bytes: Uint8Array;
  #length = 0;

  constructor(initial: Uint8Array = new Uint8Array(0)) {
    this.#bytes = initial.slice();
    this.#length = initial.length;
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      larger.set(this.view());
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }

  /** The bytes themselves, valid until the next `append`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
