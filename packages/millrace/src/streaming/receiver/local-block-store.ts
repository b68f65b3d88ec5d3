import { millraceError } from "../../common/errors/index.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { encodeRecords } from "../../task/readers/block.ts";
import type { BlockMemory } from "./block-memory.ts";
import { memoryOf, type NewBlock, type ReceivedBlock } from "./received-block.ts";
import type { ReceivedBlockStore } from "./received-block-store.ts";

/** What a store works with. */
export interface LocalBlockStoreOptions {
  readonly files: FileSystem;
  /** Made when the first block goes to disk, removed by `close`. */
  readonly directory: string;
  readonly memory: BlockMemory;
}

/**
 * Keeps blocks as their storage level says: in memory as long as there is room, else on disk. Nothing here
 * survives the process.
 */
export class LocalBlockStore implements ReceivedBlockStore {
  readonly #options: LocalBlockStoreOptions;
  #hasDirectory = false;

  constructor(options: LocalBlockStoreOptions) {
    this.#options = options;
  }

  store(block: NewBlock): ReceivedBlock | Promise<ReceivedBlock> {
    const { memory } = this.#options;
    const kept = memory.asKept(block.block);
    const { useMemory, useDisk } = block.storageLevel;
    if (useMemory && memory.keep(kept)) return { ...block, block: kept };
    if (useDisk) return this.#toDisk(block, kept);
    throw millraceError(
      "MR_RECEIVER_STORE",
      `Could not store ${block.id} to block manager with storage level ${block.storageLevel}: ` +
        `it takes ${memoryOf(kept)} bytes, ${memory.bytes} of ${memory.maxBytes} are in use`,
    );
  }

  forget(_thresholdMs: number, blocks: readonly ReceivedBlock[]): void {
    for (const { block } of blocks) {
      this.#options.memory.release(block);
      if (block.kind === "file") void this.#options.files.remove(block.path).catch(() => {});
    }
  }

  async close(): Promise<void> {
    if (this.#hasDirectory) await this.#options.files.remove(this.#options.directory);
  }

  async #toDisk(block: NewBlock, kept: StoredBlock): Promise<ReceivedBlock> {
    const { files, directory } = this.#options;
    const stored = encoded(kept);
    if (stored.kind === "file") return { ...block, block: stored };
    const path = `${directory}/${block.id}`;
    this.#hasDirectory = true;
    try {
      const file = await files.create(path);
      try {
        await file.write(stored.bytes);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw millraceError(
        "MR_RECEIVER_STORE",
        `Could not store ${block.id} to block manager with storage level ${block.storageLevel}`,
        { cause },
      );
    }
    return { ...block, block: { kind: "file", path, sizeBytes: stored.bytes.length, holds: stored.kind } };
  }
}

function encoded(block: StoredBlock): Exclude<StoredBlock, { readonly kind: "values" }> {
  return block.kind === "values" ? { kind: "encoded", bytes: encodeRecords(block.values) } : block;
}
