import type { StreamClock } from "../common/clock/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { SparkContext } from "../rdd/index.ts";
import { type BegunRun, beginRun } from "./begin-run.ts";
import { writeDeadLetter } from "./checkpoint/dead-letter.ts";
import type { OpenCheckpoint } from "./checkpoint/open-checkpoint.ts";
import type { DStreamGraph } from "./dstream/graph.ts";
import { RateControl } from "./rate/rate-control.ts";
import { createRateEstimator } from "./rate/rate-estimator.ts";
import { createBlockStore } from "./receiver/create-block-store.ts";
import type { ReceivedBlockStore } from "./receiver/received-block-store.ts";
import { type ReceiverInput, ReceiverTracker } from "./receiver/receiver-tracker.ts";
import type { BatchBooks } from "./scheduler/batch-books.ts";
import type { FailurePolicy } from "./scheduler/failure-policy.ts";
import type { InputInfoTracker } from "./scheduler/input-info-tracker.ts";
import { JobGenerator } from "./scheduler/job-generator.ts";
import { inheritedProperties, jobProperties } from "./scheduler/job-properties.ts";
import { JobScheduler } from "./scheduler/job-scheduler.ts";
import type { JobSet } from "./scheduler/job-set.ts";
import { nextBatchTime } from "./scheduler/recurring-timer.ts";
import type { StreamingListenerBus } from "./scheduler/streaming-listener-bus.ts";
import type { StreamingSettings } from "./settings.ts";
import { type CommittedOutput, OutputCommits } from "./sink/output-commits.ts";

/** The checkpoint directory of a run, and what was found there. */
export interface StartingCheckpoint {
  readonly directory: string;
  readonly opened: OpenCheckpoint;
}

/** What a run works with. */
export interface StreamingRunOptions {
  readonly graph: DStreamGraph;
  readonly platform: Platform;
  readonly clock: StreamClock;
  readonly settings: StreamingSettings;
  readonly sparkContext: SparkContext;
  readonly receivers: readonly ReceiverInput[];
  readonly inputInfo: InputInfoTracker;
  /** Absent without a checkpoint directory. */
  readonly checkpoint: StartingCheckpoint | undefined;
  readonly failurePolicy: FailurePolicy;
  readonly bus: StreamingListenerBus;
  readonly log: Logger;
  /** Called with the errors of jobs and of generating them. */
  readonly onError: (error: Error) => void;
}

/** The moving parts of a started context, put together; they start and stop in a fixed order. */
export class StreamingRun {
  readonly tracker: ReceiverTracker;
  readonly #options: StreamingRunOptions;
  readonly #scheduler: JobScheduler;
  readonly #store: ReceivedBlockStore;
  /** Absent when back-pressure is off. */
  readonly #rates: RateControl | undefined;
  #generator: JobGenerator | undefined;
  readonly #commits: OutputCommits;
  #begun: BegunRun | undefined;

  constructor(options: StreamingRunOptions) {
    const { graph, platform, clock, settings, bus, log, failurePolicy, checkpoint } = options;
    this.#options = options;
    const { backpressure } = settings;
    if (backpressure.enabled) {
      this.#rates = new RateControl(graph.inputs, () => createRateEstimator(backpressure, graph.batchMs));
    }
    // What is written down is told again after a restart; without a log the outputs are on their own.
    const onFailure = checkpoint === undefined ? "log" : "throw";
    this.#commits = new OutputCommits(committedOutputs(graph), log, onFailure);
    this.#store = createBlockStore({
      platform,
      clock,
      settings: settings.blockStore,
      master: options.sparkContext.master,
      checkpointDir: checkpoint?.directory,
    });
    this.tracker = new ReceiverTracker({
      inputs: options.receivers,
      clock,
      timers: platform.timers,
      hostname: platform.host.hostname,
      batchMs: graph.batchMs,
      // Half: blocks that are processed are kept for a while, in windows for long.
      maxWaitingBytes: settings.blockStore.maxMemoryBytes / 2,
      settings: settings.receivers,
      store: this.#store,
      log,
      post: event => bus.post(event),
    });
    const { sparkContext } = options;
    const inherited = inheritedProperties(sparkContext.localProperties);
    this.#scheduler = new JobScheduler({
      withProperties: (job, run) =>
        sparkContext.withLocalProperties(jobProperties(inherited, job), run, job.site),
      concurrentJobs: settings.concurrentJobs,
      retry: failurePolicy === "retry" ? settings.recovery.retry : undefined,
      clock,
      timers: platform.timers,
      bus,
      log,
      onBatchCompleted: jobSet => {
        this.tracker.batchProcessed(jobSet.timeMs, jobSet.processingDelay ?? 0);
        this.#rates?.batchCompleted(jobSet.batchInfo());
        this.#completed(jobSet);
      },
      onError: error => this.#jobFailed(error),
    });
  }

  /**
   * The graph is checked before any receiver starts.
   * @throws MR_CHECKPOINT_MISMATCH, MR_STREAMING_CHECKPOINT, MR_CHECKPOINT_FENCED, MR_IO
   */
  async start(): Promise<void> {
    const { graph, clock, bus, inputInfo, checkpoint, onError, log, settings } = this.#options;
    bus.start();
    if (checkpoint === undefined) {
      graph.start(nextBatchTime(clock, graph.batchMs) - graph.batchMs, undefined);
      await this.#commits.open(this.#options.platform, () => undefined);
    } else this.#begun = await this.#begin(checkpoint);
    await this.tracker.open();
    const begun = this.#begun;
    const generator = new JobGenerator({
      graph,
      clock,
      tracker: this.tracker,
      inputInfo,
      books: begun?.books,
      gracefulStopTimeoutMs: settings.gracefulStopTimeoutMs,
      submit: jobSet => {
        this.#commits.begin(jobSet.timeMs);
        this.#scheduler.submit(jobSet);
      },
      onError,
      onTimeout: () => log.warn("Timed out while stopping gracefully: some received data is not processed"),
    });
    this.#generator = generator;
    graph.startInputs();
    if (begun === undefined) generator.start((graph.zeroMs ?? 0) + graph.batchMs);
    else generator.restart(begun.restart);
    this.tracker.start();
  }

  /** Resolves when no batch is queued or running. */
  async whenIdle(): Promise<void> {
    await this.#generator?.whenIdle();
    await this.#scheduler.whenIdle();
  }

  /** Receivers first, then batches, then their jobs, and listeners last, so that they hear of all of it. */
  async stop(graceful: boolean): Promise<void> {
    await this.tracker.stop();
    await this.#generator?.stop(graceful);
    await this.#scheduler.stop(graceful);
    await this.#begun?.books.settled;
    await this.#commits.close();
    const checkpointer = this.#begun?.checkpointer;
    // A job that was left behind may keep the engine busy for ever: only without one is there anything to wait for.
    await checkpointer?.close(checkpointer.history.open.length === 0);
    await this.#store.close();
    await this.#options.bus.stop();
  }

  #begin({ directory, opened }: StartingCheckpoint): Promise<BegunRun> {
    const { graph, sparkContext, platform, clock, log, settings } = this.#options;
    return beginRun(
      { graph, context: sparkContext, platform, clock, logger: log, directory, settings: settings.recovery },
      this.#commits,
      opened,
    );
  }

  /** With dead letters a failure is no end: it is told by the file that describes it. */
  #jobFailed(error: Error): void {
    const { failurePolicy, log, onError } = this.#options;
    if (failurePolicy === "deadLetter" && this.#begun !== undefined) log.error(error.message, error);
    else onError(error);
  }

  #completed(jobSet: JobSet): void {
    const noted = this.#note(jobSet);
    if (noted === undefined) this.#generator?.batchDone(jobSet.timeMs);
    else void this.#whenNoted(jobSet.timeMs, noted);
  }

  async #whenNoted(timeMs: number, noted: Promise<void>): Promise<void> {
    try {
      await noted;
    } catch (error) {
      this.#options.onError(asError(error));
    }
    this.#generator?.batchDone(timeMs);
  }

  /** Tells the log and the outputs how a batch has ended; `undefined` when there is neither. */
  #note(jobSet: JobSet): Promise<void> | undefined {
    const { failurePolicy, checkpoint } = this.#options;
    const { timeMs, hasFailed } = jobSet;
    const books = this.#begun?.books;
    if (books === undefined || checkpoint === undefined) return this.#commits.ended(timeMs, hasFailed);
    if (!hasFailed) return books.done(timeMs);
    if (failurePolicy !== "deadLetter") return books.failed(timeMs);
    return this.#giveUp(jobSet, checkpoint.directory, books);
  }

  async #giveUp(jobSet: JobSet, directory: string, books: BatchBooks): Promise<void> {
    await writeDeadLetter(this.#options.platform, directory, jobSet);
    await books.givenUp(jobSet.timeMs);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : millraceError("MR_INTERNAL", String(error), { cause: error });
}

function committedOutputs(graph: DStreamGraph): CommittedOutput[] {
  return graph.outputs.flatMap(output => {
    const { participant } = output;
    return participant === undefined ? [] : [{ outputId: graph.outputId(output), participant }];
  });
}
