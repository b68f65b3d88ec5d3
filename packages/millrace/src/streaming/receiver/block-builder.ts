import type { StoredBlock } from "../../rdd/index.ts";

/** A block of one kind of data as it was received. */
export type BuiltBlock = Extract<StoredBlock, { readonly kind: "values" | "lines" }>;

/** Lines larger than this together become a block before their interval ends: memory stays bounded. */
const maxLinesBytes = 8 * 2 ** 20;
/** As many records, which are smaller or larger than 100 bytes each. */
const maxValues = maxLinesBytes / 100;
const leastRoomBytes = 1 << 16;
/** Blocks of lines, each as large as the last one, that lie one behind the other in the same memory. */
const blocksPerRoom = 4;

/** Gathers what arrives during one block interval, kept in the order of arrival. */
export class BlockBuilder {
  readonly #blocks: BuiltBlock[] = [];
  #values: unknown[] = [];
  /** Where lines are gathered: blocks that are closed, and from `#from` to `#to` the one that is open. */
  #room = sharedBytes(0);
  #from = 0;
  #to = 0;
  #linesCount = 0;
  /** Of the last block of lines: the next ones are likely to be about as large. */
  #lastBytes = 0;

  /** Whether it holds so much that it had better be taken before the interval ends. */
  get isLarge(): boolean {
    return this.#to - this.#from >= maxLinesBytes || this.#values.length >= maxValues;
  }

  addValue(value: unknown): void {
    if (this.#linesCount > 0) this.#closeLines();
    this.#values.push(value);
  }

  /** `bytes` are `count` whole lines of UTF-8, each ended by a newline; they are copied. */
  addLines(bytes: Uint8Array, count: number): void {
    if (this.#values.length > 0) this.#closeValues();
    if (this.#to + bytes.length > this.#room.length) this.#move(bytes.length);
    this.#room.set(bytes, this.#to);
    this.#to += bytes.length;
    this.#linesCount += count;
  }

  /** The blocks of the interval, usually none or one; begins the next interval. */
  take(): BuiltBlock[] {
    if (this.#values.length > 0) this.#closeValues();
    if (this.#linesCount > 0) this.#closeLines();
    return this.#blocks.splice(0);
  }

  /** Takes the open block to a room that has space for so many bytes more. */
  #move(sizeBytes: number): void {
    const open = this.#room.subarray(this.#from, this.#to);
    const blockBytes = Math.max(this.#lastBytes, open.length + sizeBytes);
    this.#room = sharedBytes(Math.max(leastRoomBytes, blocksPerRoom * blockBytes));
    this.#room.set(open);
    this.#from = 0;
    this.#to = open.length;
  }

  #closeValues(): void {
    this.#blocks.push({ kind: "values", values: this.#values });
    this.#values = [];
  }

  #closeLines(): void {
    const bytes = this.#room.subarray(this.#from, this.#to);
    this.#blocks.push({ kind: "lines", bytes, count: this.#linesCount });
    this.#lastBytes = bytes.length;
    this.#from = this.#to;
    this.#linesCount = 0;
  }
}

/** Memory that threads share: a worker reads a block where it lies. */
function sharedBytes(sizeBytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(sizeBytes));
}
