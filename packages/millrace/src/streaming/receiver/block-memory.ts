import type { StoredBlock } from "../../rdd/index.ts";
import { encodeRecords } from "../../task/readers/block.ts";
import { memoryOf } from "./received-block.ts";

/** Released bytes that are worth a collection of garbage, which takes some milliseconds. */
const collectAtBytes = 64 * 2 ** 20;

/** Memory for received blocks, with a bound. */
export class BlockMemory {
  /** What blocks may take, in bytes. */
  readonly maxBytes: number;
  readonly #encodesRecords: boolean;
  readonly #collectGarbage: () => void;
  #bytes = 0;
  /** Of shared memory, since garbage was collected last. */
  #releasedBytes = 0;

  /**
   * @param encodesRecords whether records become bytes: for tasks of other threads, which get them so anyway
   * @param collectGarbage frees the memory of released blocks
   */
  constructor(maxBytes: number, encodesRecords: boolean, collectGarbage: () => void = () => {}) {
    this.maxBytes = maxBytes;
    this.#encodesRecords = encodesRecords;
    this.#collectGarbage = collectGarbage;
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

  /** Gives up a block: the bytes of one lie in memory that threads share, which V8 does not count as garbage. */
  release(block: StoredBlock): void {
    const bytes = memoryOf(block);
    this.#bytes -= bytes;
    if (block.kind === "values") return;
    this.#releasedBytes += bytes;
    if (this.#releasedBytes < collectAtBytes) return;
    this.#releasedBytes = 0;
    this.#collectGarbage();
  }
}
