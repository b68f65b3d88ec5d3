import type { StreamClock } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import type { ReceiverTracker } from "../receiver/receiver-tracker.ts";
import type { BatchBooks } from "./batch-books.ts";
import { EventLoop } from "./event-loop.ts";
import type { InputInfoTracker } from "./input-info-tracker.ts";
import { JobSet } from "./job-set.ts";
import { RecurringTimer } from "./recurring-timer.ts";

type GeneratorEvent =
  | { readonly kind: "generateJobs"; readonly timeMs: number }
  | { readonly kind: "batchDone"; readonly batch: OpenBatch };

/** A batch that was generated and not cleaned up after. */
interface OpenBatch {
  readonly timeMs: number;
  isDone: boolean;
}

/** Batches that run at once, at most, while those of a down time are made up for. */
const restartBacklog = 8;

/** The batches with which a run goes on where another stopped. */
export interface Restart {
  /** Makes streams that build on themselves know their results up to the last batch that was done. */
  readonly catchUp: () => Promise<void>;
  /** The batches that run again or were missed, in order. */
  readonly times: readonly number[];
  /** The first batch that has its regular time. */
  readonly firstMs: number;
}

/** What a generator works with. */
export interface JobGeneratorOptions {
  readonly graph: DStreamGraph;
  readonly clock: StreamClock;
  readonly tracker: ReceiverTracker;
  readonly inputInfo: InputInfoTracker;
  /** Where batches are written down; absent without a checkpoint directory. */
  readonly books: BatchBooks | undefined;
  readonly gracefulStopTimeoutMs: number;
  /** Runs the jobs of a batch. */
  readonly submit: (jobSet: JobSet) => void;
  /** Called when a batch lost its jobs because generating them failed, or could not be written down. */
  readonly onError: (error: Error) => void;
  readonly onTimeout: () => void;
}

/** Turns the ticks of the clock into batches, and forgets what completed batches no longer need. */
export class JobGenerator {
  readonly #options: JobGeneratorOptions;
  readonly #loop: EventLoop<GeneratorEvent>;
  readonly #timer: RecurringTimer;
  /** Oldest first. */
  readonly #open: OpenBatch[] = [];
  #lastProcessedMs = Number.NEGATIVE_INFINITY;
  #restarting: Promise<void> | undefined;
  #isStopped = false;
  readonly #waiting = new Set<() => void>();

  constructor(options: JobGeneratorOptions) {
    this.#options = options;
    this.#loop = new EventLoop(event => this.#handle(event));
    this.#timer = new RecurringTimer(options.clock, options.graph.batchMs, timeMs =>
      this.#loop.post({ kind: "generateJobs", timeMs }),
    );
    options.books?.onReleased(() => options.graph.clearMetadata(this.#lastProcessedMs));
  }

  /** Starts the ticks. */
  start(firstMs: number): void {
    this.#timer.start(firstMs);
  }

  /** Runs the batches of an earlier run's time, and then starts the ticks. */
  restart(restart: Restart): void {
    this.#restarting = this.#restart(restart)
      .catch(error => this.#options.onError(error instanceof Error ? error : generationFailure(0, error)))
      .finally(() => {
        this.#restarting = undefined;
        this.#processed();
      });
  }

  /** All jobs of a batch have ended well, and it is written down. */
  batchDone(timeMs: number): void {
    const batch = this.#open.find(open => open.timeMs === timeMs);
    if (batch !== undefined) this.#loop.post({ kind: "batchDone", batch });
  }

  /** Resolves when no batch is under way. */
  async whenIdle(): Promise<void> {
    while (!this.#isStopped && (this.#open.length > 0 || this.#restarting !== undefined)) {
      await this.#nextProcessed();
    }
    await this.#options.books?.saved;
  }

  /**
   * Gracefully: goes on until what was received is in a batch, lets two more ticks come, and waits until the
   * last batch is processed; but no longer than the timeout. Otherwise at once.
   */
  async stop(graceful: boolean): Promise<void> {
    const { graph } = this.#options;
    if (graceful) await this.#drain();
    else await this.#timer.stop(true);
    this.#isStopped = true;
    graph.stop();
    this.#loop.stop();
    this.#processed();
  }

  async #drain(): Promise<void> {
    const { clock, tracker, gracefulStopTimeoutMs, onTimeout } = this.#options;
    const timedOut = Promise.withResolvers<"timedOut">();
    const deadline = clock.schedule(clock.now() + gracefulStopTimeoutMs, () => timedOut.resolve("timedOut"));
    const drained = (async () => {
      await this.#restarting;
      while (tracker.hasUnallocatedBlocks) await this.#nextProcessed();
      const lastMs = await this.#timer.stop(false);
      while (this.#lastProcessedMs < lastMs) await this.#nextProcessed();
    })();
    const outcome = await Promise.race([drained, timedOut.promise]);
    deadline.cancel();
    if (outcome !== "timedOut") return;
    onTimeout();
    await this.#timer.stop(true);
  }

  #nextProcessed(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.add(resolve);
    });
  }

  #processed(): void {
    if (this.#waiting.size === 0) return;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #restart({ catchUp, times, firstMs }: Restart): Promise<void> {
    await catchUp();
    for (const timeMs of times) {
      while (!this.#isStopped && this.#open.length >= restartBacklog) await this.#nextProcessed();
      if (this.#isStopped) return;
      this.#loop.post({ kind: "generateJobs", timeMs });
    }
    if (!this.#isStopped) this.#timer.start(firstMs);
  }

  #handle(event: GeneratorEvent): void {
    if (event.kind === "generateJobs") this.#generate(event.timeMs);
    else this.#done(event.batch);
  }

  #generate(timeMs: number): void {
    const { graph, tracker, inputInfo, books, onError } = this.#options;
    tracker.allocateBlocksTo(timeMs);
    const batch: OpenBatch = { timeMs, isDone: false };
    this.#open.push(batch);
    let jobSet: JobSet | undefined;
    try {
      jobSet = new JobSet(timeMs, graph.generateJobs(timeMs), inputInfo.get(timeMs));
    } catch (error) {
      onError(generationFailure(timeMs, error));
    }
    if (books === undefined) this.#run(batch, jobSet);
    else void this.#runWritten(batch, jobSet, books);
  }

  #run(batch: OpenBatch, jobSet: JobSet | undefined): void {
    if (jobSet !== undefined && jobSet.jobs.length > 0) this.#options.submit(jobSet);
    else this.#done(batch);
  }

  /** What the batch will read is written down before it runs. One that could not be generated stays to be done. */
  async #runWritten(batch: OpenBatch, jobSet: JobSet | undefined, books: BatchBooks): Promise<void> {
    const { submit, onError } = this.#options;
    try {
      await books.begin(batch.timeMs);
      if (jobSet === undefined) this.#done(batch);
      else if (jobSet.jobs.length > 0) submit(jobSet);
      else {
        await books.done(batch.timeMs);
        this.#done(batch);
      }
    } catch (error) {
      onError(error instanceof Error ? error : generationFailure(batch.timeMs, error));
      this.#done(batch);
    }
  }

  /** Cleans up in the order of batches: one without jobs must not forget what those before it still use. */
  #done(batch: OpenBatch): void {
    batch.isDone = true;
    while (this.#open[0]?.isDone === true) {
      this.#clear(this.#open[0].timeMs);
      this.#open.shift();
    }
  }

  #clear(timeMs: number): void {
    const { graph, tracker, inputInfo, books } = this.#options;
    tracker.batchCompleted(timeMs);
    graph.clearMetadata(Math.min(timeMs, books?.heldMs ?? timeMs));
    // What a restart would compute again is kept.
    const oldestMs = Math.min(timeMs, books?.neededMs ?? timeMs) - graph.maxInputRememberMs;
    tracker.cleanup(oldestMs);
    inputInfo.cleanup(oldestMs);
    this.#lastProcessedMs = timeMs;
    this.#processed();
  }
}

function generationFailure(timeMs: number, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return millraceError(
    "MR_STREAMING_GENERATION_FAILED",
    `Error generating jobs for time ${timeMs} ms: ${reason}`,
    { cause: error },
  );
}
