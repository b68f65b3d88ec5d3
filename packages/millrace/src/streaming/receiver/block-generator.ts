import type { StreamClock, Timer } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { RecurringTimer } from "../scheduler/recurring-timer.ts";
import { BlockBuilder } from "./block-builder.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** What a generator needs and whom it tells. */
export interface BlockGeneratorOptions {
  readonly clock: StreamClock;
  readonly blockIntervalMs: number;
  readonly limiter: RateLimiter;
  /** Takes a finished block. */
  readonly push: (block: StoredBlock) => void;
}

type State = "Initialized" | "Active" | "Stopped";

interface Waiting {
  readonly add: () => void;
  readonly records: number;
  readonly done: () => void;
}

const accepted = Promise.resolve();

/**
 * Cuts what a receiver stores one by one into a block per interval; an interval with nothing makes no
 * block. A record is taken at once unless the rate limit or a full store says wait: then it queues, in
 * order, and the promise given back resolves when it was taken.
 */
export class BlockGenerator {
  readonly #options: BlockGeneratorOptions;
  readonly #builder = new BlockBuilder();
  readonly #timer: RecurringTimer;
  readonly #waiting: Waiting[] = [];
  #state: State = "Initialized";
  #paused = false;
  /** No record is taken before this time. */
  #readyAtMs = 0;
  #wakeUp: Timer | undefined;

  constructor(options: BlockGeneratorOptions) {
    this.#options = options;
    this.#timer = new RecurringTimer(options.clock, options.blockIntervalMs, () => this.#cut());
  }

  /** @throws MR_RECEIVER when it was started before. */
  start(): void {
    if (this.#state !== "Initialized") {
      throw millraceError(
        "MR_RECEIVER",
        `Cannot start BlockGenerator as its not in the Initialized state [state = ${this.#state}]`,
      );
    }
    this.#state = "Active";
    this.#timer.start();
  }

  /** Adds one record. */
  addValue(value: unknown): Promise<void> {
    return this.#add(() => this.#builder.addValue(value), 1);
  }

  /** Adds `count` whole lines of UTF-8, each ended by a newline. */
  addLines(bytes: Uint8Array, count: number): Promise<void> {
    return this.#add(() => this.#builder.addLines(bytes, count), count);
  }

  /** Resolves when the next record need not wait; `undefined` when it need not wait now. */
  whenReady(): Promise<void> | undefined {
    return this.#mustWait() ? this.#queue(() => {}, 0) : undefined;
  }

  /** Lets records wait, or go on: used when processing has fallen behind. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#takeWaiting();
  }

  /** Takes what still waits, cuts the last block and takes nothing more; idempotent. */
  stop(): void {
    if (this.#state !== "Active") {
      this.#state = "Stopped";
      return;
    }
    this.#state = "Stopped";
    this.#wakeUp?.cancel();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.add();
      waiting.done();
    }
    void this.#timer.stop(true);
    this.#cut();
  }

  #add(add: () => void, records: number): Promise<void> {
    if (this.#state !== "Active") {
      throw millraceError(
        "MR_RECEIVER",
        "Cannot add data as BlockGenerator has not been started or has been stopped",
        { hint: "Store records between onStart() and onStop() only: look at isStopped() first." },
      );
    }
    if (this.#mustWait()) return this.#queue(add, records);
    this.#take(add, records);
    return accepted;
  }

  #mustWait(): boolean {
    return this.#paused || this.#waiting.length > 0 || this.#isTooEarly();
  }

  #isTooEarly(): boolean {
    const { limiter, clock } = this.#options;
    return limiter.isLimited && clock.now() < this.#readyAtMs;
  }

  #queue(add: () => void, records: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ add, records, done: resolve });
    this.#takeWaiting();
    return promise;
  }

  #take(add: () => void, records: number): void {
    add();
    if (!this.#options.limiter.isLimited) return;
    const nowMs = this.#options.clock.now();
    this.#readyAtMs = nowMs + this.#options.limiter.take(records, nowMs);
  }

  #takeWaiting(): void {
    if (this.#state !== "Active") return;
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    while (!this.#paused) {
      const next = this.#waiting[0];
      if (next === undefined) return;
      if (this.#isTooEarly()) {
        this.#wakeUp = this.#options.clock.schedule(this.#readyAtMs, () => this.#takeWaiting());
        return;
      }
      this.#waiting.shift();
      this.#take(next.add, next.records);
      next.done();
    }
  }

  #cut(): void {
    for (const block of this.#builder.take()) this.#options.push(block);
  }
}
