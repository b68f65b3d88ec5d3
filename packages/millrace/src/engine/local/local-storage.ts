import { getHeapStatistics } from "node:v8";
import type { Logger } from "../../common/log/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { type BlockCodecName, blockCodec } from "../../task/memory/block-codec.ts";
import { FILES, type MemorySettings, SHUFFLE_KB } from "../../task/memory/task-memory.ts";
import type { HeldOutputs } from "./shuffle-outputs.ts";

/** What the configuration says about memory and scratch files. */
export interface StorageConfig {
  /** Share of the heap that kept partitions and tasks may use. */
  readonly memoryFraction: number;
  /** Bytes to take for the size of the heap; the heap's own limit when absent. */
  readonly heapBytes: number | undefined;
  /** Where scratch files go, in a directory of this context. */
  readonly localDir: string;
  /** Compresses kept partitions that are bytes; absent: they are not. */
  readonly keptCodec?: BlockCodecName | undefined;
  /** Compresses what is spilled; absent: it is not. */
  readonly spillCodec?: BlockCodecName | undefined;
}

/** Directories of scratch files are named after the process they belong to. */
const PREFIX = "millrace-";

/** Share of the limit that shuffle outputs may take: of one thread's heap, or of memory the threads share. */
const SHUFFLE_SHARE = 0.25;

/** What V8 adds to the heap's limit for the young generation, unless it is told otherwise. */
const YOUNG_GENERATION_BYTES = 192 * 1024 * 1024;

/** What the program itself takes, about: its code and that of the modules it loads. */
const PROGRAM_BYTES = 32 * 1024 * 1024;

/** About how much data the heap of a thread may hold that is not garbage soon; V8 tells only the limit of everything. */
function oldGenerationBytes(): number {
  const limit = getHeapStatistics().heap_size_limit;
  return Math.max(limit - YOUNG_GENERATION_BYTES - PROGRAM_BYTES, limit / 8);
}

/** Memory limits and scratch files of one context on this machine. */
export class LocalStorage {
  readonly settings: MemorySettings;
  readonly #platform: Platform;
  readonly #log: Logger;
  readonly #parent: string;
  readonly #directory: string;

  constructor(config: StorageConfig, platform: Platform, log: Logger, threads: number) {
    this.#platform = platform;
    this.#log = log;
    this.#parent = config.localDir;
    // One that is not installed is met here, not in a task.
    for (const codec of [config.keptCodec, config.spillCodec]) if (codec !== undefined) blockCodec(codec);
    const unique = platform.random.nextUint32().toString(36);
    this.#directory = `${config.localDir}/${PREFIX}${platform.host.processId}-${unique}`;
    const heapBytes = config.heapBytes ?? oldGenerationBytes();
    const limitBytes = Math.floor(heapBytes * config.memoryFraction);
    const shareBytes = threads === 1 ? limitBytes * SHUFFLE_SHARE : limitBytes;
    this.settings = {
      limitBytes,
      directory: this.#directory,
      counters: new Int32Array(new SharedArrayBuffer(8)),
      shuffleLimitKb: Math.floor(shareBytes / 1024),
      shufflesInHeap: threads === 1,
      keptCodec: config.keptCodec,
      spillCodec: config.spillCodec,
    };
  }

  /** Removes what processes that are gone have left behind. */
  async removeStale(): Promise<void> {
    const { files, host } = this.#platform;
    try {
      if ((await files.stat(this.#parent)) === undefined) return;
      for (const { path, isDirectory } of await files.list(this.#parent)) {
        const [, id] = /\/millrace-(\d+)-\w+$/.exec(path) ?? [];
        if (isDirectory && id !== undefined && !host.isProcessAlive(Number(id))) await files.remove(path);
      }
    } catch (error) {
      this.#log.warn(`scratch files in ${this.#parent} cannot be cleaned up: ${(error as Error).message}`);
    }
  }

  /** Nobody can read these outputs any more. */
  release({ heldKb, paths }: HeldOutputs): void {
    Atomics.sub(this.settings.counters, SHUFFLE_KB, heldKb);
    for (const path of paths) void this.#platform.files.remove(path).catch(() => {});
  }

  /** Removes all scratch files of the context. */
  async stop(): Promise<void> {
    if (Atomics.load(this.settings.counters, FILES) === 0) return;
    try {
      await this.#platform.files.remove(this.#directory);
    } catch (error) {
      this.#log.warn(`scratch files in ${this.#directory} cannot be removed: ${(error as Error).message}`);
    }
  }
}
