import { unshippable } from "../closure/index.ts";
import { type CallSite, captureCallSite } from "../common/call-site.ts";
import { ManualClock, type StreamClock, SystemStreamClock } from "../common/clock/index.ts";
import type { SparkConf } from "../common/conf/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import { type DurationLike, toDuration } from "../common/time/index.ts";
import type { SparkContext } from "../rdd/index.ts";
import { loadCheckpoint } from "./checkpoint/load-checkpoint.ts";
import { type CheckpointUse, openCheckpoint } from "./checkpoint/open-checkpoint.ts";
import {
  type ContextArguments,
  contextArguments,
  type StreamingContextOptions,
} from "./context-arguments.ts";
import { DStreamGraph } from "./dstream/graph.ts";
import { positiveMs } from "./duration-argument.ts";
import type { ReceiverTracker } from "./receiver/receiver-tracker.ts";
import { ReceiverInputs } from "./receiver-inputs.ts";
import type { FailurePolicy } from "./scheduler/failure-policy.ts";
import type { StreamingListener } from "./scheduler/streaming-listener.ts";
import { StreamingListenerBus } from "./scheduler/streaming-listener-bus.ts";
import { readSettings, type StreamingSettings } from "./settings.ts";
import { stopOnSignals } from "./shutdown.ts";
import { type StartingCheckpoint, StreamingRun } from "./streaming-run.ts";
import { Termination } from "./termination.ts";

/** The life of a context: what it may do depends on it. */
export type StreamingContextState = "INITIALIZED" | "ACTIVE" | "STOPPED";

/** How a context stops. */
export interface StopOptions {
  /** Whether the `SparkContext` stops too; default `spark.streaming.stopSparkContextByDefault`, `true`. */
  readonly stopSparkContext?: boolean;
  /** Whether what was received is processed first; default `false`. */
  readonly graceful?: boolean;
}

/** What `getOrCreate` does with a checkpoint it cannot read. */
export interface RecoveryOptions {
  /** Whether to begin anew then, instead of failing; default `false`. */
  readonly createOnError?: boolean;
}

/** The context that runs now: one per process. */
let active: StreamingContext | undefined;

/** The same, unless its process is a simulated one that has died. */
function running(): StreamingContext | undefined {
  return active?.platform.host.isCrashed === true ? undefined : active;
}

/**
 * The door to streaming: makes streams of its inputs, runs their outputs in every batch, and stops.
 *
 * Declare inputs, operations and outputs first, then `start()`; SIGTERM and SIGINT stop a running context
 * after it has processed what it received, a second one ends the process at once.
 *
 * ```ts
 * import { Milliseconds, SparkConf, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * const conf = new SparkConf().setMaster("local").setAppName("sums");
 * const ssc = new StreamingContext(conf, Milliseconds(20));
 * const sums: number[] = [];
 * ssc.queueStream([[1, 2, 3], [4, 5]]).reduce((a, b) => a + b).foreachRDD(async rdd => {
 *   sums.push(...(await rdd.collect()));
 *   if (sums.length === 2) void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * assert.deepEqual(sums, [6, 9]);
 * ```
 */
export class StreamingContext extends ReceiverInputs {
  override readonly sparkContext: SparkContext;
  override readonly clock: StreamClock;
  override readonly graph: DStreamGraph;
  override readonly log: Logger;
  protected override readonly settings: StreamingSettings;
  readonly #bus: StreamingListenerBus;
  readonly #termination: Termination;
  #state: StreamingContextState | "STARTING" = "INITIALIZED";
  #checkpointDir: string | undefined;
  #checkpointUse: CheckpointUse = "ignore";
  #isCheckpointPresent = false;
  #startSite: CallSite | undefined;
  #run: StreamingRun | undefined;
  #removeSignals: (() => void) | undefined;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #isAborting = false;

  static {
    Object.defineProperty(StreamingContext.prototype, unshippable, {
      value: { what: "a StreamingContext", advice: "Tasks cannot use it: use it on the driver only." },
    });
  }

  /**
   * With a `SparkContext` that exists already, or with one made of a configuration or of a master and a name.
   * @param batchDuration the batch interval: a `Duration`, milliseconds or a text such as `"1s"`
   * @throws MR_STREAMING_DURATION unless the interval is positive; MR_BAD_ARGUMENT unless it is whole milliseconds
   */
  constructor(sparkContext: SparkContext, batchDuration: DurationLike, options?: StreamingContextOptions);
  constructor(conf: SparkConf, batchDuration: DurationLike, options?: StreamingContextOptions);
  constructor(
    master: string,
    appName: string,
    batchDuration: DurationLike,
    options?: StreamingContextOptions,
  );
  constructor(...args: ContextArguments) {
    super();
    const { batchMs, sparkContext, options } = contextArguments(args);
    this.sparkContext = sparkContext();
    this.log = this.sparkContext.log;
    this.settings = readSettings(this.conf, batchMs);
    this.clock =
      options.clock ??
      (this.settings.usesManualClock ? new ManualClock() : new SystemStreamClock(this.platform));
    this.graph = new DStreamGraph(batchMs, this.settings.unpersistsOldRDDs, (operator, site) =>
      this.assertOpen(operator, site),
    );
    this.#bus = new StreamingListenerBus(this.log);
    this.#termination = new Termination(this.platform.timers);
    if (this.settings.checkpointDir !== undefined) this.checkpoint(this.settings.checkpointDir);
  }

  /**
   * The context that is started and not stopped, if any.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1]]).print();
   * assert.equal(StreamingContext.getActive(), undefined);
   * await ssc.start();
   * assert.equal(StreamingContext.getActive(), ssc);
   * await ssc.stop();
   * ```
   */
  static getActive(): StreamingContext | undefined {
    return running();
  }

  /**
   * What `create` makes, going on where the last run with this checkpoint directory stopped, if there was one.
   *
   * `create` runs every time: it declares the program, and the checkpoint holds data only. So code and
   * configuration may change between runs, as long as streams that build on their own results are found again: by
   * their kind and position, or by `uid`. Batches that had not come to their end run again on exactly their
   * input, and those of the time in between are made up for (`spark.streaming.recovery.downTime`).
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * const directory = mkdtempSync(`${tmpdir()}/recovery-`);
   * const totals: number[] = [];
   * const create = () => {
   *   const ssc = new StreamingContext("local", "example", "20ms");
   *   const ticks = ssc.inputStream("ticks", () => ({ title: "Ticks", compute: () => ssc.sc.parallelize([1]) }));
   *   ticks.countByWindow("1min", "20ms").foreachRDD(async rdd => {
   *     totals.push(await rdd.first());
   *   });
   *   return ssc;
   * };
   * for (let run = 1; run <= 2; run++) {
   *   const ssc = await StreamingContext.getOrCreate(directory, create);
   *   await ssc.start();
   *   await ssc.awaitTerminationOrTimeout("50ms");
   *   await ssc.stop({ graceful: true });
   * }
   * assert.ok(totals.length > 4);
   * assert.deepEqual(totals, totals.map((_, i) => i + 1));
   * rmSync(directory, { recursive: true });
   * ```
   *
   * @param directory the checkpoint directory; `create` need not name it
   * @param options `createOnError`: begin anew when there is a checkpoint and none of its files can be read;
   *   default `false`
   * @throws MR_CHECKPOINT_DAMAGED, MR_STREAMING_CHECKPOINT when `create` names another directory, MR_IO
   */
  static async getOrCreate(
    directory: string,
    create: () => StreamingContext | Promise<StreamingContext>,
    { createOnError = false }: RecoveryOptions = {},
  ): Promise<StreamingContext> {
    const context = await create();
    try {
      await context.#recoverFrom(directory, createOnError);
    } catch (error) {
      await context.stop();
      throw error;
    }
    return context;
  }

  /**
   * The context that is started and not stopped, or what `create` makes; with a directory, as `getOrCreate`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const create = () => new StreamingContext("local", "example", "1s");
   * const ssc = StreamingContext.getActiveOrCreate(create);
   * await ssc.stop();
   * ```
   *
   * @throws MR_CHECKPOINT_DAMAGED, MR_STREAMING_CHECKPOINT, MR_IO with a directory
   */
  static getActiveOrCreate(create: () => StreamingContext): StreamingContext;
  static getActiveOrCreate(
    directory: string,
    create: () => StreamingContext | Promise<StreamingContext>,
    options?: RecoveryOptions,
  ): Promise<StreamingContext>;
  static getActiveOrCreate(
    first: string | (() => StreamingContext),
    create?: () => StreamingContext | Promise<StreamingContext>,
    options?: RecoveryOptions,
  ): StreamingContext | Promise<StreamingContext> {
    if (typeof first !== "string") return running() ?? first();
    const now = running();
    if (now !== undefined) return Promise.resolve(now);
    if (create !== undefined) return StreamingContext.getOrCreate(first, create, options);
    throw millraceError("MR_BAD_ARGUMENT", "getActiveOrCreate needs a function that creates a context", {
      operator: "getActiveOrCreate",
    });
  }

  /** Whether `getOrCreate` found a checkpoint to go on with. */
  get isCheckpointPresent(): boolean {
    return this.#isCheckpointPresent;
  }

  /** The `SparkContext`, by its short name. */
  get sc(): SparkContext {
    return this.sparkContext;
  }

  /** The configuration of the `SparkContext`; what is set after construction comes too late for this context. */
  get conf(): SparkConf {
    return this.sparkContext.conf;
  }

  /** Clock, files, sockets and chance. */
  get platform(): Platform {
    return this.sparkContext.platform;
  }

  /**
   * `INITIALIZED` until the start, `STOPPED` after the stop.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * assert.equal(ssc.getState(), "INITIALIZED");
   * await ssc.stop();
   * assert.equal(ssc.getState(), "STOPPED");
   * ```
   */
  getState(): StreamingContextState {
    return this.#state === "STARTING" ? "INITIALIZED" : this.#state;
  }

  // ---- settings ----

  /**
   * Lets every stream remember its RDDs for at least `duration`, for queries outside of batches.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.remember("1min");
   * ssc.queueStream([[1]]).print();
   * await ssc.start();
   * await ssc.stop();
   * ```
   *
   * @throws MR_STREAMING_STATE when it was called before
   */
  remember(duration: DurationLike): void {
    this.graph.remember(positiveMs(duration, "The remember duration", "remember"));
  }

  /**
   * Sets the directory for checkpoints, which windows with an inverse function need; it is created at the
   * start. `null` switches checkpoints off.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "1s");
   * ssc.checkpoint("checkpoints");
   * assert.equal(ssc.checkpointDir, "checkpoints");
   * ssc.checkpoint(null);
   * await ssc.stop();
   * ```
   */
  checkpoint(directory: string | null): void {
    this.#checkpointDir = directory ?? undefined;
    // RDDs that a program checkpoints by itself lie in a directory of their own there, as in Spark.
    if (directory !== null) this.sparkContext.setCheckpointDir(directory);
  }

  /** The directory of `checkpoint`. */
  get checkpointDir(): string | undefined {
    return this.#checkpointDir;
  }

  /**
   * Tells `listener` about everything from now on; adding it again changes nothing.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.addStreamingListener({
   *   onBatchCompleted: ({ batchInfo }) => console.log(batchInfo.batchTime, batchInfo.totalDelay),
   * });
   * ssc.queueStream([[1]]).print();
   * await ssc.start();
   * await ssc.awaitTerminationOrTimeout(50);
   * await ssc.stop();
   * ```
   */
  addStreamingListener(listener: StreamingListener): void {
    this.#bus.add(listener);
  }

  /**
   * Tells `listener` nothing more.
   *
   * ```ts
   * import { StreamingContext, type StreamingListener } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const listener: StreamingListener = { onStreamingStarted: ({ time }) => console.log(time) };
   * ssc.addStreamingListener(listener);
   * ssc.removeStreamingListener(listener);
   * await ssc.stop();
   * ```
   */
  removeStreamingListener(listener: StreamingListener): void {
    this.#bus.remove(listener);
  }

  // ---- life ----

  /**
   * Starts receiving and the batches, of which the first is at the next multiple of the batch interval. With a
   * master `sc://` the cluster is connected to first. When starting fails the context is stopped; a second call
   * while it runs only warns.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).print();
   * await ssc.start();
   * await ssc.awaitTerminationOrTimeout(50);
   * await ssc.stop();
   * ```
   *
   * @throws MR_STREAMING_STATE when this context was stopped before, or another one runs
   * @throws MR_STREAMING_NO_OUTPUT when there is nothing to do in a batch
   * @throws MR_STREAMING_CHECKPOINT when a stream's checkpoint settings do not fit
   * @throws MR_SPARK_UNREACHABLE when no Connect server answers at an address `sc://`
   */
  start(): Promise<void> {
    if (this.#state === "STARTING" || this.#state === "ACTIVE") {
      this.log.warn("StreamingContext has already been started");
    } else {
      this.#starting = this.#start(captureCallSite("start"));
    }
    return this.#starting;
  }

  /**
   * Resolves when the context has been stopped; rejects with the first error of a job or of generating jobs.
   * Such an error does not stop the context, and every later call rejects with it too.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["x"]]).foreachRDD(rdd => rdd.foreach(() => Promise.reject(new Error("no database"))));
   * await ssc.start();
   * await assert.rejects(ssc.awaitTermination(), /no database/);
   * await ssc.stop();
   * ```
   */
  awaitTermination(): Promise<void> {
    return this.#termination.wait();
  }

  /**
   * As `awaitTermination`, but for no longer than `timeout`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).print();
   * await ssc.start();
   * assert.equal(await ssc.awaitTerminationOrTimeout("50ms"), false);
   * await ssc.stop();
   * assert.equal(await ssc.awaitTerminationOrTimeout("50ms"), true);
   * ```
   *
   * @param timeout 0 or less looks without waiting
   * @returns whether the context has been stopped
   */
  awaitTerminationOrTimeout(timeout: DurationLike): Promise<boolean> {
    return this.#termination.waitFor(Math.max(0, toDuration(timeout).milliseconds));
  }

  /**
   * Resolves when no batch is queued or running: for tests that move a clock.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).print();
   * await ssc.start();
   * await ssc.whenIdle();
   * await ssc.stop();
   * ```
   */
  whenIdle(): Promise<void> {
    return this.#run?.whenIdle() ?? Promise.resolve();
  }

  /**
   * Stops receiving and the batches. Gracefully: what was received is processed first, and two more batches
   * follow, for no longer than `spark.streaming.gracefulStopTimeout`. May be called again. Do not wait for a
   * graceful stop inside `foreachRDD`: it waits for your operation.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).print();
   * await ssc.start();
   * await ssc.stop({ graceful: true });
   * ```
   *
   * @throws MR_STREAMING_IN_LISTENER inside a listener
   */
  stop(options?: StopOptions): Promise<void>;
  stop(stopSparkContext?: boolean, stopGracefully?: boolean): Promise<void>;
  async stop(first?: StopOptions | boolean, stopGracefully = false): Promise<void> {
    const { stopSparkContext = this.settings.stopsSparkContextByDefault, graceful = false }: StopOptions =
      typeof first === "object"
        ? first
        : { ...(first === undefined ? {} : { stopSparkContext: first }), graceful: stopGracefully };
    if (this.#bus.isDelivering) {
      throw millraceError(
        "MR_STREAMING_IN_LISTENER",
        "Cannot stop StreamingContext within listener bus thread.",
      );
    }
    this.#stopping ??= this.#stop(graceful);
    try {
      await this.#stopping;
    } finally {
      // Whatever could not be ended well: this context runs no more, and another one may.
      this.#ended();
      if (stopSparkContext) await this.sparkContext.stop();
      this.#tellEnd();
    }
  }

  /** `await using ssc = new StreamingContext(…)` stops it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  // ---- inside ----

  async #start(site: CallSite): Promise<void> {
    this.#assertStartable();
    this.#state = "STARTING";
    active = this;
    this.#startSite = site;
    try {
      this.graph.validate();
      this.sparkContext.assertRunning();
      await this.sparkContext.connect();
      this.#run = this.#createRun(await this.#openCheckpoint());
      await this.#run.start();
    } catch (error) {
      await this.#run?.stop(false);
      active = undefined;
      this.#state = "STOPPED";
      this.#termination.failed(
        error instanceof Error ? error : millraceError("MR_INTERNAL", String(error), { cause: error }),
      );
      throw error;
    }
    this.#state = "ACTIVE";
    this.#bus.post({ kind: "streamingStarted", time: this.clock.now() });
    const { host, timers } = this.platform;
    this.#removeSignals = stopOnSignals(host, timers, this.log, () =>
      this.stop({ stopSparkContext: true, graceful: this.settings.stopsGracefullyOnSignal }),
    );
  }

  /** Takes the checkpoint directory over, if there is one, and reads what is to be gone on with. */
  async #openCheckpoint(): Promise<StartingCheckpoint | undefined> {
    const directory = this.#checkpointDir;
    if (directory === undefined) return undefined;
    const opened = await openCheckpoint(this.platform, directory, this.#checkpointUse);
    const { loaded, isIgnored } = opened;
    if (isIgnored) {
      this.log.warn(`Beginning anew in ${directory}: its checkpoint is only gone on with by getOrCreate`);
    }
    if (loaded === undefined) return { directory, opened };
    const { manualClockJumpMs, usesManualClock, recovery } = this.settings;
    if (usesManualClock && this.clock instanceof ManualClock) {
      this.clock.setTime((loaded.history.lastMs ?? loaded.snapshot.zeroMs) + manualClockJumpMs);
    }
    const isOtherInterval = loaded.snapshot.batchMs !== this.graph.batchMs;
    // No time of a batch that is left to do is one of now, so nothing can be gone on with.
    if (
      isOtherInterval &&
      loaded.history.open.length > 0 &&
      recovery.accepted.has("batchInterval") &&
      recovery.accepted.has("lostState")
    ) {
      return { directory, opened: { ...opened, loaded: undefined } };
    }
    return { directory, opened };
  }

  /**
   * From now on `start` goes on with the checkpoint of a directory, which is read here to say whether there is one and
   * whether it can be gone on with, and by `start` once more. That one cannot do with what was read here: until the start
   * takes the directory over, the run before may live on and write, and taking it over now would end that run for a
   * context that perhaps never starts. Nor do names and lengths tell that nothing was written: two starts at once may
   * both begin a log segment of the same name before one of them finds out, with heads that are equally long. Only the
   * log and one checkpoint file are read twice, not the records that were saved.
   */
  async #recoverFrom(directory: string, createOnError: boolean): Promise<void> {
    const own = this.#checkpointDir;
    if (own !== undefined && own !== directory) {
      throw millraceError(
        "MR_STREAMING_CHECKPOINT",
        `The context that was created has the checkpoint directory ${own}, and recovers from ${directory}`,
        { operator: "getOrCreate", hint: "Name the same directory in both places, or only in getOrCreate." },
      );
    }
    this.checkpoint(directory);
    this.#checkpointUse = createOnError ? "recoverIfIntact" : "recover";
    try {
      this.#isCheckpointPresent = (await loadCheckpoint(this.platform.files, directory)) !== undefined;
    } catch (error) {
      if (!createOnError) throw error;
      this.log.warn(`Beginning anew in ${directory}: its checkpoint cannot be read`, error);
    }
  }

  #createRun(checkpoint: StartingCheckpoint | undefined): StreamingRun {
    return new StreamingRun({
      graph: this.graph,
      platform: this.platform,
      clock: this.clock,
      settings: this.settings,
      sparkContext: this.sparkContext,
      receivers: this.receivers,
      inputInfo: this.inputInfo,
      checkpoint,
      failurePolicy: this.#failurePolicy,
      bus: this.#bus,
      log: this.log,
      onError: error => this.#failed(error),
    });
  }

  /** What is written down can be made up for after a stop; what is not is better gone on with, as Spark does. */
  get #failurePolicy(): FailurePolicy {
    return this.settings.recovery.failurePolicy ?? (this.#checkpointDir === undefined ? "continue" : "stop");
  }

  protected override get tracker(): ReceiverTracker | undefined {
    return this.#run?.tracker;
  }

  async #stop(graceful: boolean): Promise<void> {
    if (this.#state === "STARTING") await this.#starting.catch(() => {});
    if (this.#run === undefined) {
      if (this.#state === "INITIALIZED") this.log.warn("StreamingContext has not been started yet");
      return;
    }
    this.#isAborting = !graceful;
    await this.#run.stop(graceful);
  }

  /** Who looks at the state sees that it is over before the SparkContext refuses its service. */
  #ended(): void {
    if (this.#state === "STOPPED") return;
    if (active === this) active = undefined;
    this.#state = "STOPPED";
  }

  #tellEnd(): void {
    this.#removeSignals?.();
    this.#termination.stopped();
  }

  #failed(error: Error): void {
    if (this.#isAborting) {
      this.log.debug("A job ended while the context was being stopped", error);
      return;
    }
    this.log.error(error.message, error);
    this.#termination.failed(error);
    if (this.#failurePolicy !== "continue") void this.#stopAfterFailure();
  }

  /** The error is what `awaitTermination` tells: the SparkContext is left to whoever waits there. */
  async #stopAfterFailure(): Promise<void> {
    this.#stopping ??= this.#stop(false);
    // The failure before it is what matters; whoever stops the context is told of this one.
    await this.#stopping.catch(error => this.log.error("The context could not be stopped well", error));
    this.#ended();
    this.#tellEnd();
  }

  protected override assertOpen(operator: string, site: CallSite): void {
    if (this.#state === "INITIALIZED") return;
    const when = this.#state === "STOPPED" ? "stopping" : "starting";
    throw millraceError(
      "MR_STREAMING_STATE",
      `Adding new inputs, transformations, and output operations after ${when} a context is not supported`,
      { operator, site: site.text },
    );
  }

  #assertStartable(): void {
    if (this.#state === "STOPPED") {
      throw millraceError("MR_STREAMING_STATE", "StreamingContext has already been stopped", {
        hint: "Create a new one.",
      });
    }
    const other = running();
    if (other === undefined) return;
    throw millraceError(
      "MR_STREAMING_STATE",
      `Only one StreamingContext may be started in this process. Currently running StreamingContext was started at ${other.#startSite?.text}`,
      { hint: "Stop the other one first." },
    );
  }
}
