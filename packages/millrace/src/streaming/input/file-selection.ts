import type { FileStatus } from "../../common/platform/platform.ts";

/** File systems stamp files with a clock that lags behind by up to a tick of the kernel. */
const stampLagMs = 20;

/** A file that is not read, and why, for people. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** What a batch reads of what is there. */
export interface SelectedFiles {
  readonly taken: readonly FileStatus[];
  /** Files that will not be read as they are; each is told once. */
  readonly skipped: readonly SkippedFile[];
}

/** What another run needs to go on where this one stops, as plain data. */
export interface SavedSelection {
  readonly sinceMs: number;
  readonly present: readonly (readonly [path: string, modifiedMs: number])[];
}

/**
 * Decides which files are new in a batch, by their times of modification: later than the threshold, no later
 * than the batch, and not taken by a batch still remembered.
 */
export class FileSelection {
  #sinceMs: number;
  readonly #rememberMs: number;
  /** Files that were there at first although their stamp is later than the threshold, with that stamp. */
  #known: ReadonlyMap<string, number>;
  readonly #batches = new Map<number, readonly FileStatus[]>();
  /** By path: the file as it was taken, and by which batch. */
  readonly #recent = new Map<string, { readonly file: FileStatus; readonly timeMs: number }>();
  /** Skipped files of the last scan, with the stamps they had. */
  #told: ReadonlyMap<string, number> = new Map();

  /**
   * @param nowMs when the stream is made: files modified before are old; 0: none is old for that
   * @param rememberMs files modified so long before a batch are old, too
   * @param present the files that are there now, and are old
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

  /** The files that are new in the batch at `timeMs`, of those there are now. */
  select(timeMs: number, files: readonly FileStatus[]): SelectedFiles {
    const taken: FileStatus[] = [];
    const skipped: SkippedFile[] = [];
    const told = new Map<string, number>();
    for (const file of files) {
      if (file.modifiedMs > timeMs) continue;
      const reason = this.#reasonToSkip(file, timeMs);
      if (reason === undefined) {
        taken.push(file);
      } else if (reason !== "") {
        told.set(file.path, file.modifiedMs);
        if (this.#told.get(file.path) !== file.modifiedMs) skipped.push({ path: file.path, reason });
      }
    }
    this.#told = told;
    this.#take(timeMs, taken);
    return { taken, skipped };
  }

  /** The batch at `timeMs` could not take these files after all: a later one may. */
  giveBack(timeMs: number, files: readonly FileStatus[]): void {
    if (files.length === 0) return;
    const kept = this.takenBy(timeMs).filter(file => !files.includes(file));
    this.#batches.delete(timeMs);
    for (const { path } of files) this.#recent.delete(path);
    this.#take(timeMs, kept);
  }

  /** What the batch at `timeMs` took, if it is remembered. */
  takenBy(timeMs: number): readonly FileStatus[] {
    return this.#batches.get(timeMs) ?? [];
  }

  /** Forgets the files of the batches up to `timeMs`. */
  forget(timeMs: number): void {
    for (const [batchMs, files] of this.#batches) {
      if (batchMs > timeMs) continue;
      this.#batches.delete(batchMs);
      for (const { path } of files) this.#recent.delete(path);
    }
  }

  save(): SavedSelection {
    return { sinceMs: this.#sinceMs, present: [...this.#known] };
  }

  /** Goes on with what an earlier run saved and its batches took. */
  restore(
    saved: SavedSelection,
    batches: Iterable<readonly [timeMs: number, files: readonly FileStatus[]]>,
  ): void {
    this.#sinceMs = saved.sinceMs;
    this.#known = new Map(saved.present);
    for (const [timeMs, files] of batches) this.#take(timeMs, files);
  }

  #take(timeMs: number, files: readonly FileStatus[]): void {
    if (files.length > 0) this.#batches.set(timeMs, files);
    for (const file of files) this.#recent.set(file.path, { file, timeMs });
  }

  /** `undefined` when the file is to be read, empty when there is nothing to say. */
  #reasonToSkip({ path, modifiedMs }: FileStatus, timeMs: number): string | undefined {
    const read = this.#recent.get(path);
    if (read !== undefined) {
      if (read.file.modifiedMs === modifiedMs) return "";
      return `it was read in the batch at ${read.timeMs} ms, what changed since is not read`;
    }
    if (modifiedMs <= this.#sinceMs || this.#known.get(path) === modifiedMs) {
      return `it was modified at ${modifiedMs} ms, before the stream was made`;
    }
    if (modifiedMs <= timeMs - this.#rememberMs) {
      return `it was modified at ${modifiedMs} ms, more than ${this.#rememberMs} ms before its first batch`;
    }
    return undefined;
  }
}
