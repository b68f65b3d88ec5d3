import type { OneByteTexts } from "../codec/columns.ts";

/** Texts of one-byte characters as a column that grows. */
export class TextColumn {
  #characters = Buffer.allocUnsafeSlow(1 << 12);
  #end = 0;
  #lengths = new Uint32Array(1 << 8);
  #count = 0;

  /** Adds a text that is `length` bytes of `bytes`. */
  add(bytes: Uint8Array, from: number, length: number): void {
    if (this.#end + length > this.#characters.length) this.#growCharacters(length);
    if (this.#count === this.#lengths.length) this.#growLengths();
    const characters = this.#characters;
    const end = this.#end;
    // Keys are a few bytes each: a call for each would cost more.
    for (let i = 0; i < length; i++) characters[end + i] = bytes[from + i] as number;
    this.#end = end + length;
    this.#lengths[this.#count++] = length;
  }

  /** What was added; it lies where the next texts will be added, too. */
  get texts(): OneByteTexts {
    return {
      characters: this.#characters.subarray(0, this.#end),
      lengths: this.#lengths.subarray(0, this.#count),
    };
  }

  #growCharacters(by: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.#characters.length + by));
    this.#characters.copy(larger, 0, 0, this.#end);
    this.#characters = larger;
  }

  #growLengths(): void {
    const larger = new Uint32Array(2 * this.#lengths.length);
    larger.set(this.#lengths);
    this.#lengths = larger;
  }
}
