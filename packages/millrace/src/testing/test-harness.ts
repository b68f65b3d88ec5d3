import { ManualClock } from "../common/clock/index.ts";
import type { ConfValue } from "../common/conf/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import { type DurationLike, Seconds, toDuration } from "../common/time/index.ts";
import type { SparkContext } from "../rdd/index.ts";
import { type DStream, StreamingContext } from "../streaming/index.ts";
import type { Batches } from "./batches.ts";
import { StreamOutputs } from "./stream-outputs.ts";
import { VirtualStream } from "./virtual-stream.ts";
import { createWorld, type TestWorld, worldOn } from "./world.ts";

/** What a test of streams runs with. */
export interface TestHarnessOptions {
  /** The batch interval; default 1 s. */
  readonly interval?: DurationLike;
  /** `local` (default) runs everything in this thread on a simulated platform, `local[n]` on n real threads. */
  readonly master?: string;
  /** Configuration keys; `spark.log.level` is `off` unless given. */
  readonly conf?: Readonly<Record<string, ConfValue>>;
  /** Partitions of each RDD of an input; default 2. */
  readonly partitions?: number;
  /** Decides all chance under `local`; default 1. */
  readonly seed?: number;
  /**
   * An engine to run on instead of one made of `master` and `conf`, which do not count then. It is not
   * stopped: tests may share it, as threads take a while to start.
   */
  readonly sparkContext?: SparkContext;
}

/** The harness that another one goes on after. */
interface Predecessor {
  readonly world: TestWorld;
  readonly nowMs: number;
}

/** How one input differs from the others. */
export interface InputOptions {
  /** Partitions of each of its RDDs; default the harness's. */
  readonly partitions?: number;
}

/**
 * A `StreamingContext` on a clock that stands still until the test moves it. For tests that a table does not
 * fit; for tables there is `streamTest`.
 *
 * Set up inputs and pipelines, observe streams with `outputs`, move time with `advanceBatch`, look. Nothing
 * sleeps: when `advanceBatch` has resolved, the batch is processed. The first call starts the context, so
 * declare everything before. One harness at a time: only one context runs per process.
 *
 * ```ts
 * import assert from "node:assert";
 * import { Seconds } from "millrace";
 * import { TestHarness } from "millrace/testing";
 * // Set up: an input and a pipeline on it.
 * await using harness = new TestHarness({ interval: Seconds(1) });
 * const lines = harness.addInput<string>();
 * const words = lines.stream.flatMap(line => line.split(" "));
 * const counts = harness.outputs(words.countByWindow(Seconds(2)));
 * words.print();
 * // Feed and move time: one batch, then another.
 * lines.push(["to be", "or"]);
 * await harness.advanceBatch();
 * lines.push(["not"]);
 * await harness.advanceBatch();
 * // Look.
 * assert.deepEqual(counts.batches, [[3], [4]]);
 * assert.match(harness.printed, /Time: 2000 ms\n-+\nnot\n/);
 * ```
 */
export class TestHarness {
  /** The context under test, for whatever the harness has no method for. */
  readonly ssc: StreamingContext;
  /** The clock batches go by, at 0 first. */
  readonly clock: ManualClock;
  readonly #world: TestWorld;
  readonly #intervalMs: number;
  readonly #partitions: number;
  readonly #options: TestHarnessOptions;
  readonly #recovers: boolean;
  #failure: { readonly error: unknown } | undefined;

  /** @throws MR_STREAMING_DURATION, MR_MASTER_INVALID and what else the context's constructor throws */
  constructor(options: TestHarnessOptions = {}, predecessor?: Predecessor) {
    const { interval = Seconds(1), master = "local", conf = {}, partitions = 2, seed = 1 } = options;
    this.#intervalMs = toDuration(interval).milliseconds;
    this.#partitions = partitions;
    this.#options = options;
    this.#recovers = predecessor !== undefined;
    this.clock = new ManualClock(predecessor?.nowMs ?? 0);
    const { sparkContext } = options;
    this.#world =
      predecessor?.world ??
      (sparkContext === undefined ? createWorld({ master, conf, seed }) : worldOn(sparkContext));
    this.ssc = contextIn(this.#world, interval, this.clock);
    this.ssc.checkpoint(`${this.#world.directory}/checkpoint`);
  }

  /** Its files and network: simulated under `local`, real with threads. */
  get platform(): Platform {
    return this.#world.platform;
  }

  /** A directory of the platform that belongs to this harness alone; it goes with it. */
  get directory(): string {
    return this.#world.directory;
  }

  /** Everything `print()` has written so far. */
  get printed(): string {
    return this.#world.printed();
  }

  /** Adds an input with these batches; more may be pushed later. Batches past the last are empty. */
  addInput<K, V>(batches?: Batches<readonly [K, V]>, options?: InputOptions): VirtualStream<[K, V]>;
  addInput<T>(batches?: Batches<T>, options?: InputOptions): VirtualStream<T>;
  addInput(batches: Batches<unknown> = [], options: InputOptions = {}): VirtualStream<unknown> {
    return new VirtualStream(this.ssc, batches, options.partitions ?? this.#partitions);
  }

  /** Observes a stream: every RDD it produces is collected. */
  outputs<T>(stream: DStream<T>): StreamOutputs<T> {
    return new StreamOutputs(stream);
  }

  /**
   * Moves time by whole batches, one after the other, and waits until each is processed.
   *
   * @param count default 1
   * @throws the first error of a job or of generating jobs, as `awaitTermination` does; MR_BAD_ARGUMENT unless
   *   `count` is an integer of at least 0
   */
  async advanceBatch(count = 1): Promise<void> {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw millraceError("MR_BAD_ARGUMENT", `advanceBatch needs an integer of at least 0, got ${count}`);
    }
    if (this.ssc.getState() === "INITIALIZED") await this.#start();
    for (let i = 0; i < count; i++) {
      await this.#world.pass(this.#intervalMs);
      this.clock.advance(this.#intervalMs);
      await this.ssc.whenIdle();
      // The error of a job reaches those who wait for it a little after the job has ended.
      await this.platform.timers.yieldTurn();
      if (this.#failure !== undefined) throw this.#failure.error;
    }
  }

  /**
   * Stops the context at once, and answers with a harness of another run of the application: on the same checkpoint
   * directory, files and engine, at the same time. Declare inputs and streams again, as a program that starts
   * does; what the run before left half-way runs again with the first batch, or with `advanceBatch(0)`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { TestHarness } from "millrace/testing";
   * let harness = new TestHarness();
   * const observe = () => harness.outputs(harness.addInput([[1], [2], [3]]).stream.countByWindow("5s", "1s"));
   * const before = observe();
   * await harness.advanceBatch(2);
   * harness = await harness.restart();
   * const after = observe();
   * await harness.advanceBatch();
   * assert.deepEqual([before.batches, after.batches], [[[1], [2]], [[3]]]);
   * await harness.stop();
   * ```
   */
  async restart(): Promise<TestHarness> {
    await this.ssc.stop({ stopSparkContext: false });
    return new TestHarness(this.#options, { world: this.#world, nowMs: this.clock.now() });
  }

  /** Stops the context, and the engine unless it was given. May be called again. */
  async stop(): Promise<void> {
    await this.ssc.stop({ stopSparkContext: false });
    await this.#world.dispose();
  }

  /** `await using harness = new TestHarness()` stops it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(): Promise<void> {
    const { checkpointDir } = this.ssc;
    if (this.#recovers && checkpointDir !== undefined) {
      await StreamingContext.getOrCreate(checkpointDir, () => this.ssc);
    }
    await this.ssc.start();
    await this.ssc.whenIdle();
    this.ssc.awaitTermination().catch(error => {
      this.#failure = { error };
    });
  }
}

/** A context whose streams see the world's platform, which with threads is not quite its engine's. */
function contextIn(world: TestWorld, interval: DurationLike, clock: ManualClock): StreamingContext {
  class ContextOfTest extends StreamingContext {
    // Closes over the world because the base constructor asks before any field of this class is set.
    override get platform(): Platform {
      return world.platform;
    }
  }
  return new ContextOfTest(world.sparkContext, interval, { clock });
}
