import type { Platform, ScratchFile } from "../../common/platform/platform.ts";
import type { BlockCodecName } from "./block-codec.ts";

/** How much memory the tasks of a thread may use, and where they put what is too much. */
export interface MemorySettings {
  /** Of this thread's heap, for kept partitions and for what tasks gather; estimates, not exact. */
  readonly limitBytes: number;
  /** Where files of spilled data go; nothing is spilled without one. */
  readonly directory: string | undefined;
  /** Shared by all threads: kilobytes of shuffle outputs in memory, and how many files there have been. */
  readonly counters: Int32Array;
  /** Kilobytes from which shuffle outputs go to disk. */
  readonly shuffleLimitKb: number;
  /** Whether shuffle outputs in memory lie in the heap that tasks use; between threads they lie outside. */
  readonly shufflesInHeap: boolean;
  /** Compresses kept partitions that are bytes, in memory and on disk; none: they are not compressed. */
  readonly keptCodec?: BlockCodecName | undefined;
  /** Compresses what shuffles, sorts and aggregations spill. */
  readonly spillCodec?: BlockCodecName | undefined;
}

/** Positions in `counters`. */
export const SHUFFLE_KB = 0;
export const FILES = 1;

/** Memory without a limit: for places that have no disk of their own. */
export function unlimitedMemory(): MemorySettings {
  return {
    limitBytes: Number.POSITIVE_INFINITY,
    directory: undefined,
    counters: new Int32Array(2),
    shuffleLimitKb: Number.POSITIVE_INFINITY,
    shufflesInHeap: false,
  };
}

/** The share of the limit that kept partitions may hold on to while a task needs memory. */
const STORAGE_SHARE = 0.5;

/** Something that can be asked to use less. */
export interface Evictable {
  readonly sizeBytes: number;
  /** Gives back memory until no more than `limitBytes` are used, if it can. */
  shrinkTo(limitBytes: number): void;
}

/** The memory of one thread, shared between kept partitions and the task that runs. */
export class TaskMemory {
  readonly settings: MemorySettings;
  readonly #platform: Platform;
  readonly #storage: Evictable;

  constructor(settings: MemorySettings, platform: Platform, storage: Evictable) {
    this.settings = settings;
    this.#platform = platform;
    this.#storage = storage;
  }

  /**
   * Whether what a task has gathered is too much and should be spilled. Kept partitions make room first, down to
   * their share.
   */
  isTooMuch(gatheredBytes: number): boolean {
    const { limitBytes, directory, counters, shufflesInHeap } = this.settings;
    if (directory === undefined) return false;
    const usedBytes = gatheredBytes + (shufflesInHeap ? Atomics.load(counters, SHUFFLE_KB) * 1024 : 0);
    if (usedBytes + this.#storage.sizeBytes <= limitBytes) return false;
    this.#storage.shrinkTo(Math.max(limitBytes * STORAGE_SHARE, limitBytes - usedBytes));
    return usedBytes + this.#storage.sizeBytes > limitBytes;
  }

  /** Counts shuffle output that stays in memory, unless there is too much of it already; answers its kilobytes. */
  holdShuffle(bytes: number): number | undefined {
    const { counters, shuffleLimitKb, directory } = this.settings;
    const kb = Math.ceil(bytes / 1024);
    if (directory !== undefined && Atomics.load(counters, SHUFFLE_KB) + kb > shuffleLimitKb) return undefined;
    Atomics.add(counters, SHUFFLE_KB, kb);
    return kb;
  }

  /** A new file for what is spilled; `name` says what for. */
  scratch(name: string): { readonly path: string; readonly file: ScratchFile } {
    Atomics.add(this.settings.counters, FILES, 1);
    const unique = `${name}-${this.#platform.random.nextUint32().toString(36)}`;
    const path = `${this.settings.directory ?? "."}/${unique}`;
    return { path, file: this.#platform.files.scratch(path) };
  }

  /** Opens a spilled file again. */
  open(path: string): ScratchFile {
    return this.#platform.files.scratch(path);
  }

  remove(path: string): void {
    this.#platform.files.removeSync(path);
  }
}
