import type { StoredBlock } from "../../rdd/index.ts";
import { encodeRecords } from "../../task/readers/block.ts";
import { memoryOf } from "./received-block.ts";

/** Memory for received blocks, with a bound. */
export class BlockMemory {
  /** What blocks may take, in bytes. */
  readonly maxBytes: number;
  readonly #encodesRecords: boolean;
  readonly #releasedShared: (bytes: number) => void;
  #bytes = 0;

  /**
   * @param encodesRecords whether records become bytes: for tasks of other threads, which get them so anyway
   * @param releasedShared is told of bytes in memory that threads share
   */
  constructor(maxBytes: number, encodesRecords: boolean, releasedShared: (bytes: number) => void = () => {}) {
    this.maxBytes = maxBytes;
    this.#encodesRecords = encodesRecords;
    this.#releasedShared = releasedShared;
  }

  /** What the blocks take, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The block in the form in which it would be kept. */
  asKept(block: StoredBlock): StoredBlock {
    if (block.kind !== "values" || !this.#encodesRecords) return block;
    return { kind: "encoded", bytes: encodeRecords(block.values) };
  }

  /** Takes a block of that form, if there is room. */
  keep(kept: StoredBlock): boolean {
    const bytes = memoryOf(kept);
    if (this.#bytes + bytes > this.maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives up a block. */
  release(block: StoredBlock): void {
    const bytes = memoryOf(block);
    this.#bytes -= bytes;
    if (block.kind !== "values") this.#releasedShared(bytes);
  }
}
