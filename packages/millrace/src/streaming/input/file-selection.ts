import type { FileStatus } from "../../common/platform/platform.ts";

/** File systems stamp files with a clock that lags behind by up to a tick of the kernel. */
const stampLagMs = 20;

/**
 * Decides which files are new in a batch, by their times of modification: later than the threshold, no later
 * than the batch, and not taken by a batch still remembered.
 */
export class FileSelection {
  readonly #sinceMs: number;
  readonly #rememberMs: number;
  /** Files that were there at first although their stamp is later than the threshold, with that stamp. */
  readonly #known: ReadonlyMap<string, number>;
  readonly #batches = new Map<number, readonly string[]>();
  readonly #recent = new Set<string>();

  /**
   * @param nowMs when the stream is made: files modified before are old
   * @param rememberMs files modified so long before a batch are old, too
   * @param present the files that are there now
   */
  constructor(nowMs: number, rememberMs: number, present: readonly FileStatus[] = []) {
    this.#sinceMs = nowMs - stampLagMs;
    this.#rememberMs = rememberMs;
    this.#known = new Map(
      present
        .filter(file => file.modifiedMs > this.#sinceMs)
        .map(({ path, modifiedMs }) => [path, modifiedMs]),
    );
  }

  /** The paths of the files that are new in the batch at `timeMs`. */
  select(timeMs: number, files: readonly FileStatus[]): readonly string[] {
    const thresholdMs = Math.max(this.#sinceMs, timeMs - this.#rememberMs);
    const isNew = ({ path, modifiedMs }: FileStatus): boolean =>
      modifiedMs > thresholdMs &&
      modifiedMs <= timeMs &&
      !this.#recent.has(path) &&
      this.#known.get(path) !== modifiedMs;
    const paths = files.filter(isNew).map(({ path }) => path);
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
