import type { Platform } from "../../common/platform/platform.ts";
import type { Checkpointer } from "../checkpoint/checkpointer.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import type { OutputCommits } from "../sink/output-commits.ts";

/** Keeps the books of a run: batches are recorded before they run and when they are done, and outputs commit. */
export class BatchBooks {
  readonly #checkpointer: Checkpointer;
  readonly #graph: DStreamGraph;
  readonly #commits: OutputCommits;
  /** One batch is committed after the other; after a failure none is any more, a restart makes up for it. */
  #last: Promise<void> = Promise.resolve();

  constructor(checkpointer: Checkpointer, graph: DStreamGraph, commits: OutputCommits) {
    this.#checkpointer = checkpointer;
    this.#graph = graph;
    this.#commits = commits;
  }

  /** Opens the outputs, and brings to an end what an earlier run left half-way. */
  async open(platform: Platform, checkpointDir: string): Promise<void> {
    const { open, done } = this.#checkpointer.history;
    const commits = this.#commits;
    await commits.open(platform, outputId => `${checkpointDir}/outputs/${outputId}`);
    await commits.abort(open);
    // Those that run again come before those after them, which are done already.
    for (const timeMs of [...open, ...done].sort((a, b) => a - b)) commits.begin(timeMs);
    for (const timeMs of done) await commits.ended(timeMs, false);
  }

  /** Batches from this time on must not be forgotten yet. */
  get heldMs(): number {
    return this.#checkpointer.heldMs;
  }

  /** A new run may compute batches from this time on again, and read what they read. */
  get neededMs(): number {
    return this.#checkpointer.neededMs;
  }

  /** Resolves when nothing is being saved. */
  get saved(): Promise<void> {
    return this.#checkpointer.saved;
  }

  /** Resolves when every batch that ended so far is recorded, or cannot be. */
  get settled(): Promise<void> {
    return this.#last.catch(() => {});
  }

  /** Calls back whenever batches that were held may be forgotten. */
  onReleased(callback: () => void): void {
    this.#checkpointer.onReleased = callback;
  }

  /** Resolves when it lasts what the batch will read. One that runs again reads what is recorded already. */
  async begin(timeMs: number): Promise<void> {
    if (this.#checkpointer.history.isOpen(timeMs)) return;
    await this.#checkpointer.begin(timeMs, this.#graph.recordInputs(timeMs));
  }

  /** All outputs of the batch succeeded: resolves when that lasts and the outputs have committed. */
  done(timeMs: number): Promise<void> {
    return this.#next(async () => {
      await this.#checkpointer.done(timeMs);
      await this.#commits.ended(timeMs, false);
      this.#checkpointer.batchDone(timeMs);
    });
  }

  /** The batch failed; it stays to be done by another run. */
  failed(timeMs: number): Promise<void> {
    return this.#next(async () => {
      await this.#commits.failed(timeMs);
    });
  }

  /** The batch failed for good. */
  givenUp(timeMs: number): Promise<void> {
    return this.#next(async () => {
      await this.#checkpointer.givenUp(timeMs);
      await this.#commits.ended(timeMs, true);
      this.#checkpointer.batchDone(timeMs);
    });
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(step);
    return this.#last;
  }
}
