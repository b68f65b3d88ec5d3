import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DStream, RDD, SparkContext, StreamingContext } from "millrace";
import type { ManualClock } from "millrace/testing";
import { BatchClock, type BatchClockOptions } from "./batch-clock.ts";

/** What a stepped stream is made with. */
export interface SteppedOptions extends BatchClockOptions {
  readonly intervalMs: number;
  /** Whether it has a checkpoint directory, which goes when it ends. */
  readonly checkpoints?: boolean;
}

/**
 * A stream whose clock stands still but for one interval a batch: always just the next batch waits, none piles up, and
 * no time is lost between two.
 */
export class SteppedStream {
  readonly sc: SparkContext;
  readonly ssc: StreamingContext;
  readonly #options: SteppedOptions;
  readonly #clock: ManualClock;
  readonly #directory: string | undefined;

  private constructor(
    sc: SparkContext,
    ssc: StreamingContext,
    clock: ManualClock,
    options: SteppedOptions,
    directory: string | undefined,
  ) {
    this.sc = sc;
    this.ssc = ssc;
    this.#clock = clock;
    this.#options = options;
    this.#directory = directory;
  }

  static async create(master: string, name: string, options: SteppedOptions): Promise<SteppedStream> {
    const { SparkContext, StreamingContext } = await import("millrace");
    const { ManualClock } = await import("millrace/testing");
    const sc = new SparkContext(master, name);
    const clock = new ManualClock();
    const ssc = new StreamingContext(sc, options.intervalMs, { clock });
    let directory: string | undefined;
    if (options.checkpoints === true) {
      directory = mkdtempSync(join(tmpdir(), "bench-checkpoint-"));
      ssc.checkpoint(directory);
    }
    return new SteppedStream(sc, ssc, clock, options, directory);
  }

  /** Runs `body` for every batch of `stream` until enough are measured, and ends. */
  async run<T>(stream: DStream<T>, body: (rdd: RDD<T>) => Promise<void>): Promise<BatchClock> {
    const { intervalMs } = this.#options;
    const batchClock = new BatchClock(this.#options);
    stream.foreachRDD((rdd, time) => {
      this.#clock.advance(intervalMs);
      return batchClock.batch(time.milliseconds, () => body(rdd));
    });
    await this.ssc.start();
    this.#clock.advance(intervalMs);
    await batchClock.finished;
    await this.ssc.stop();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true });
    return batchClock;
  }
}
