import { Samples } from "../harness/samples.ts";
import { percentile } from "../harness/statistics.ts";
import { type Stopwatch, startStopwatch } from "../harness/stopwatch.ts";

/** How many times the warm-up may be prolonged until the backlog it caused has been worked off. */
const MAX_WARM_UP = 4;

export interface BatchClockOptions {
  /** Batches before anything counts. */
  readonly warmUps: number;
  readonly batches: number;
  /** Measuring begins with a batch that starts no later than this after its time; default: any. */
  readonly punctualMs?: number;
}

/** Notes when the output operation of each batch began and ended; the Spark peer has the same in Java. */
export class BatchClock {
  readonly finished: Promise<void>;
  /** From the time of a batch to the start of its output operation. */
  readonly #startDelays: Samples;
  readonly #processing: Samples;
  /** From the time of a batch to the end of its output operation. */
  readonly #totals: Samples;
  wallSeconds = 0;
  cpuSeconds = 0;
  readonly #options: BatchClockOptions;
  readonly #finish: () => void;
  #warmUpBatches = 0;
  #stopwatch: Stopwatch | undefined;

  constructor(options: BatchClockOptions) {
    this.#options = options;
    this.#startDelays = new Samples(options.batches);
    this.#processing = new Samples(options.batches);
    this.#totals = new Samples(options.batches);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
  }

  async batch(batchTimeMs: number, body: () => Promise<unknown>): Promise<void> {
    if (this.#totals.count === this.#options.batches) return;
    const start = now();
    if (!this.#stopwatch && this.#isWarm(start - batchTimeMs)) this.#stopwatch = startStopwatch();
    await body();
    const end = now();
    if (!this.#stopwatch) {
      this.#warmUpBatches += 1;
      return;
    }
    this.#startDelays.push(start - batchTimeMs);
    this.#processing.push(end - start);
    this.#totals.push(end - batchTimeMs);
    if (this.#totals.count < this.#options.batches) return;
    const { wallSeconds, cpuSeconds } = this.#stopwatch.stop();
    this.wallSeconds = wallSeconds;
    this.cpuSeconds = cpuSeconds;
    this.#finish();
  }

  /** How long each batch took, in milliseconds. */
  get processing(): readonly number[] {
    return this.#processing.list();
  }

  /** How long batches took and how late they were; behind is one that started an interval late or later. */
  delayMetrics(intervalMs: number): Record<string, number> {
    return {
      processingP50Ms: percentile(this.processing, 0.5),
      processingP99Ms: percentile(this.processing, 0.99),
      startDelayP50Ms: percentile(this.#startDelays.list(), 0.5),
      startDelayP99Ms: percentile(this.#startDelays.list(), 0.99),
      totalP50Ms: percentile(this.#totals.list(), 0.5),
      totalP99Ms: percentile(this.#totals.list(), 0.99),
      batchesBehind: this.#startDelays.list().filter(delay => delay > intervalMs).length,
    };
  }

  #isWarm(startDelay: number): boolean {
    const { warmUps, punctualMs = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#warmUpBatches < warmUps) return false;
    return startDelay <= punctualMs || this.#warmUpBatches >= warmUps * MAX_WARM_UP;
  }
}

/** Milliseconds since the epoch, finer than `Date.now()`. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
