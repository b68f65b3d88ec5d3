import type { StreamClock } from "../common/clock/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { DStreamGraph } from "./dstream/graph.ts";
import { RateControl } from "./rate/rate-control.ts";
import { createRateEstimator } from "./rate/rate-estimator.ts";
import { createBlockStore } from "./receiver/create-block-store.ts";
import type { ReceivedBlockStore } from "./receiver/received-block-store.ts";
import { type ReceiverInput, ReceiverTracker } from "./receiver/receiver-tracker.ts";
import type { InputInfoTracker } from "./scheduler/input-info-tracker.ts";
import { JobGenerator } from "./scheduler/job-generator.ts";
import { JobScheduler } from "./scheduler/job-scheduler.ts";
import type { StreamingListenerBus } from "./scheduler/streaming-listener-bus.ts";
import type { StreamingSettings } from "./settings.ts";
import { type CommittedOutput, OutputCommits } from "./sink/output-commits.ts";

/** What a run works with. */
export interface StreamingRunOptions {
  readonly graph: DStreamGraph;
  readonly platform: Platform;
  readonly clock: StreamClock;
  readonly settings: StreamingSettings;
  readonly master: string;
  readonly receivers: readonly ReceiverInput[];
  readonly inputInfo: InputInfoTracker;
  readonly checkpointDir: string | undefined;
  readonly bus: StreamingListenerBus;
  readonly log: Logger;
  /** Called with the errors of jobs and of generating them. */
  readonly onError: (error: Error) => void;
}

/** The moving parts of a started context, put together; they start and stop in a fixed order. */
export class StreamingRun {
  readonly tracker: ReceiverTracker;
  readonly scheduler: JobScheduler;
  readonly #generator: JobGenerator;
  readonly #bus: StreamingListenerBus;
  readonly #store: ReceivedBlockStore;
  /** Absent when back-pressure is off. */
  readonly #rates: RateControl | undefined;
  readonly #commits: OutputCommits;
  readonly #options: StreamingRunOptions;

  constructor(options: StreamingRunOptions) {
    const { graph, platform, clock, settings, bus, log, onError } = options;
    this.#options = options;
    this.#bus = bus;
    const { backpressure } = settings;
    if (backpressure.enabled) {
      this.#rates = new RateControl(graph.inputs, () => createRateEstimator(backpressure, graph.batchMs));
    }
    this.#commits = new OutputCommits(committedOutputs(graph), log);
    this.#store = createBlockStore({
      platform,
      clock,
      settings: settings.blockStore,
      master: options.master,
      checkpointDir: options.checkpointDir,
    });
    this.tracker = new ReceiverTracker({
      inputs: options.receivers,
      clock,
      hostname: platform.host.hostname,
      settings: settings.receivers,
      store: this.#store,
      log,
      post: event => bus.post(event),
    });
    this.scheduler = new JobScheduler({
      concurrentJobs: settings.concurrentJobs,
      clock,
      timers: platform.timers,
      bus,
      log,
      onBatchCompleted: jobSet => {
        this.#rates?.batchCompleted(jobSet.batchInfo());
        const { timeMs, hasFailed } = jobSet;
        const told = this.#commits.ended(timeMs, hasFailed);
        if (told === undefined) this.#generator.batchCompleted(timeMs);
        else void told.then(() => this.#generator.batchCompleted(timeMs));
      },
      onError,
    });
    this.#generator = new JobGenerator({
      graph,
      clock,
      tracker: this.tracker,
      inputInfo: options.inputInfo,
      checkpointDir: options.checkpointDir,
      gracefulStopTimeoutMs: settings.gracefulStopTimeoutMs,
      submit: jobSet => {
        this.#commits.begin(jobSet.timeMs);
        this.scheduler.submit(jobSet);
      },
      onError,
      onTimeout: () => log.warn("Timed out while stopping gracefully: some received data is not processed"),
    });
  }

  /** Opens the outputs that take part in commits; before `start`. */
  async open(): Promise<void> {
    const { platform, checkpointDir } = this.#options;
    await this.#commits.open(platform, outputId =>
      checkpointDir === undefined ? undefined : `${checkpointDir}/outputs/${outputId}`,
    );
    await this.tracker.open();
  }

  /** The graph is checked before any receiver starts. */
  start(): void {
    this.#bus.start();
    this.#generator.start();
    this.tracker.start();
  }

  /** Receivers first, then batches, then their jobs, and listeners last, so that they hear of all of it. */
  async stop(graceful: boolean): Promise<void> {
    await this.tracker.stop();
    await this.#generator.stop(graceful);
    await this.scheduler.stop(graceful);
    await this.#commits.close();
    await this.#store.close();
    await this.#bus.stop();
  }
}

function committedOutputs(graph: DStreamGraph): CommittedOutput[] {
  return graph.outputs.flatMap(({ participant }, position) =>
    participant === undefined ? [] : [{ outputId: `output-${position}`, participant }],
  );
}
