import type { StoredBlock } from "../../rdd/index.ts";

/** A block of one kind of data as it was received. */
export type BuiltBlock = Extract<StoredBlock, { readonly kind: "values" | "lines" }>;

/** Gathers what arrives during one block interval, kept in the order of arrival. */
export class BlockBuilder {
  readonly #blocks: BuiltBlock[] = [];
  #values: unknown[] = [];
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #lines = 0;

  addValue(value: unknown): void {
    if (this.#lines > 0) this.#closeLines();
    this.#values.push(value);
  }

  /** `bytes` are `count` whole lines of UTF-8, each ended by a newline; they are not copied yet. */
  addLines(bytes: Uint8Array, count: number): void {
    if (this.#values.length > 0) this.#closeValues();
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
    this.#lines += count;
  }

  /** The blocks of the interval, usually none or one; begins the next interval. */
  take(): BuiltBlock[] {
    if (this.#values.length > 0) this.#closeValues();
    if (this.#lines > 0) this.#closeLines();
    return this.#blocks.splice(0);
  }

  #closeValues(): void {
    this.#blocks.push({ kind: "values", values: this.#values });
    this.#values = [];
  }

  #closeLines(): void {
    // Shared memory: a worker thread reads the block where it lies.
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#chunkBytes));
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#blocks.push({ kind: "lines", bytes, count: this.#lines });
    this.#chunks = [];
    this.#chunkBytes = 0;
    this.#lines = 0;
  }
}
