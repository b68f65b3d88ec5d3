import type { StoredBlock } from "../../rdd/index.ts";

/** A block of one kind of data as it was received. */
export type BuiltBlock = Extract<StoredBlock, { readonly kind: "values" | "lines" }>;

/** Lines larger than this together become a block before their interval ends: memory stays bounded. */
const maxLinesBytes = 16 * 2 ** 20;
/** As many records, which are smaller or larger than 100 bytes each. */
const maxValues = maxLinesBytes / 100;
const firstCapacity = 1 << 16;

/** Gathers what arrives during one block interval, kept in the order of arrival. */
export class BlockBuilder {
  readonly #blocks: BuiltBlock[] = [];
  #values: unknown[] = [];
  #lines: Uint8Array | undefined;
  #linesBytes = 0;
  #linesCount = 0;
  /** Of the last block of lines: the next one is likely to be about as large. */
  #lastBytes = firstCapacity;

  /** Whether it holds so much that it had better be taken before the interval ends. */
  get isLarge(): boolean {
    return this.#linesBytes >= maxLinesBytes || this.#values.length >= maxValues;
  }

  addValue(value: unknown): void {
    if (this.#linesCount > 0) this.#closeLines();
    this.#values.push(value);
  }

  /** `bytes` are `count` whole lines of UTF-8, each ended by a newline; they are copied. */
  addLines(bytes: Uint8Array, count: number): void {
    if (this.#values.length > 0) this.#closeValues();
    this.#room(bytes.length).set(bytes, this.#linesBytes);
    this.#linesBytes += bytes.length;
    this.#linesCount += count;
  }

  /** The blocks of the interval, usually none or one; begins the next interval. */
  take(): BuiltBlock[] {
    if (this.#values.length > 0) this.#closeValues();
    if (this.#linesCount > 0) this.#closeLines();
    return this.#blocks.splice(0);
  }

  /** Where lines are gathered, with room for so many bytes more. */
  #room(sizeBytes: number): Uint8Array {
    const needed = this.#linesBytes + sizeBytes;
    const present = this.#lines;
    if (present !== undefined && present.length >= needed) return present;
    const capacity = Math.max(needed, present === undefined ? this.#lastBytes : 2 * present.length);
    // Shared memory: a worker thread reads the block where it lies.
    const grown = new Uint8Array(new SharedArrayBuffer(capacity));
    if (present !== undefined) grown.set(present.subarray(0, this.#linesBytes));
    this.#lines = grown;
    return grown;
  }

  #closeValues(): void {
    this.#blocks.push({ kind: "values", values: this.#values });
    this.#values = [];
  }

  #closeLines(): void {
    const used = this.#room(0).subarray(0, this.#linesBytes);
    // Unused memory is not kept as long as the block is.
    const bytes = used.length * 4 < used.buffer.byteLength * 3 ? sharedCopy(used) : used;
    this.#blocks.push({ kind: "lines", bytes, count: this.#linesCount });
    this.#lastBytes = Math.max(firstCapacity, Math.ceil(used.length * 1.1));
    this.#lines = undefined;
    this.#linesBytes = 0;
    this.#linesCount = 0;
  }
}

function sharedCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
