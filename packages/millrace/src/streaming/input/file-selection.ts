import type { FileStatus } from "../../common/platform/platform.ts";

/**
 * Decides which files are new in a batch, by their times of modification: later than the threshold, no later
 * than the batch, and not taken by a batch still remembered.
 */
export class FileSelection {
  readonly #sinceMs: number;
  readonly #rememberMs: number;
  readonly #batches = new Map<number, readonly string[]>();
  readonly #recent = new Set<string>();

  /**
   * @param sinceMs files not modified after this are old
   * @param rememberMs files modified so long before a batch are old, too
   */
  constructor(sinceMs: number, rememberMs: number) {
    this.#sinceMs = sinceMs;
    this.#rememberMs = rememberMs;
  }

  /** The paths of the files that are new in the batch at `timeMs`. */
  select(timeMs: number, files: readonly FileStatus[]): readonly string[] {
    const thresholdMs = Math.max(this.#sinceMs, timeMs - this.#rememberMs);
    const paths = files
      .filter(
        ({ path, modifiedMs }) => modifiedMs > thresholdMs && modifiedMs <= timeMs && !this.#recent.has(path),
      )
      .map(({ path }) => path);
    if (paths.length > 0) this.#batches.set(timeMs, paths);
    for (const path of paths) this.#recent.add(path);
    return paths;
  }

  /** Forgets the files of the batches up to `timeMs`. */
  forget(timeMs: number): void {
    for (const [batchMs, paths] of this.#batches) {
      if (batchMs > timeMs) continue;
      this.#batches.delete(batchMs);
      for (const path of paths) this.#recent.delete(path);
    }
  }
}
