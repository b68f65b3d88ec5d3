import type { StreamClock } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import type { ReceiverTracker } from "../receiver/receiver-tracker.ts";
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

/** What a generator works with. */
export interface JobGeneratorOptions {
  readonly graph: DStreamGraph;
  readonly clock: StreamClock;
  readonly tracker: ReceiverTracker;
  readonly inputInfo: InputInfoTracker;
  readonly checkpointDir: string | undefined;
  readonly gracefulStopTimeoutMs: number;
  /** Runs the jobs of a batch. */
  readonly submit: (jobSet: JobSet) => void;
  /** Called when a batch lost its jobs because generating them failed. */
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
  #onProcessed: (() => void) | undefined;

  constructor(options: JobGeneratorOptions) {
    this.#options = options;
    this.#loop = new EventLoop(event => this.#handle(event));
    this.#timer = new RecurringTimer(options.clock, options.graph.batchMs, timeMs =>
      this.#loop.post({ kind: "generateJobs", timeMs }),
    );
  }

  /** Starts the graph and the ticks; the first batch is at the next multiple of the batch interval. */
  start(): void {
    const { graph, checkpointDir } = this.#options;
    const firstMs = this.#timer.nextTime();
    graph.start(firstMs - graph.batchMs, checkpointDir);
    graph.startInputs();
    this.#timer.start(firstMs);
  }

  /** All jobs of a batch have ended. */
  batchCompleted(timeMs: number): void {
    const batch = this.#open.find(open => open.timeMs === timeMs);
    if (batch !== undefined) this.#loop.post({ kind: "batchDone", batch });
  }

  /**
   * Gracefully: goes on until what was received is in a batch, lets two more ticks come, and waits until the
   * last batch is processed; but no longer than the timeout. Otherwise at once.
   */
  async stop(graceful: boolean): Promise<void> {
    const { graph } = this.#options;
    if (graceful) await this.#drain();
    else await this.#timer.stop(true);
    graph.stop();
    this.#loop.stop();
  }

  async #drain(): Promise<void> {
    const { clock, tracker, gracefulStopTimeoutMs, onTimeout } = this.#options;
    const timedOut = Promise.withResolvers<"timedOut">();
    const deadline = clock.schedule(clock.now() + gracefulStopTimeoutMs, () => timedOut.resolve("timedOut"));
    const drained = (async () => {
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
      this.#onProcessed = resolve;
    });
  }

  #handle(event: GeneratorEvent): void {
    if (event.kind === "generateJobs") this.#generate(event.timeMs);
    else this.#done(event.batch);
  }

  #generate(timeMs: number): void {
    const { graph, tracker, inputInfo, submit, onError } = this.#options;
    tracker.allocateBlocksTo(timeMs);
    const batch: OpenBatch = { timeMs, isDone: false };
    this.#open.push(batch);
    let jobSet: JobSet | undefined;
    try {
      jobSet = new JobSet(timeMs, graph.generateJobs(timeMs), inputInfo.get(timeMs));
    } catch (error) {
      onError(generationFailure(timeMs, error));
    }
    if (jobSet !== undefined && jobSet.jobs.length > 0) submit(jobSet);
    else this.#done(batch);
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
    const { graph, tracker, inputInfo } = this.#options;
    tracker.batchCompleted(timeMs);
    graph.clearMetadata(timeMs);
    const oldestMs = timeMs - graph.maxInputRememberMs;
    tracker.cleanup(oldestMs);
    inputInfo.cleanup(oldestMs);
    this.#lastProcessedMs = timeMs;
    this.#onProcessed?.();
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
