import type { StreamClock, Timer } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { RecurringTimer } from "../scheduler/recurring-timer.ts";
import { BlockBuilder, type BuiltBlock } from "./block-builder.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** What a generator needs and whom it tells. */
export interface BlockGeneratorOptions {
  readonly clock: StreamClock;
  readonly blockIntervalMs: number;
  /** Blocks that may wait to be stored; more make records wait. */
  readonly blockQueueSize: number;
  readonly limiter: RateLimiter;
  /** Stores a finished block; one after the other. */
  readonly push: (block: BuiltBlock, metadata: readonly unknown[]) => void | Promise<void>;
  /** A block could not be stored and is lost. */
  readonly onError: (message: string, error: unknown) => void;
}

type State = "Initialized" | "Active" | "StoppedAddingData" | "StoppedAll";

interface Waiting {
  readonly add: () => void;
  readonly records: number;
  readonly done: () => void;
}

interface FinishedBlock {
  readonly block: BuiltBlock;
  readonly metadata: readonly unknown[];
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
  /** Of what was added since the last cut. */
  #metadata: unknown[] = [];
  readonly #unpushed: FinishedBlock[] = [];
  #pushing: Promise<void> | undefined;

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

  /** Whether it takes data: it was started and not stopped. */
  get isActive(): boolean {
    return this.#state === "Active";
  }

  /** Whether it was stopped and all of its blocks are stored. */
  get isStopped(): boolean {
    return this.#state === "StoppedAll";
  }

  /** Adds one record; `metadata`, if any, is handed on with its block. */
  addValue(value: unknown, metadata?: unknown): Promise<void> {
    return this.#add(() => {
      this.#builder.addValue(value);
      this.#note(metadata);
    }, 1);
  }

  /** Adds records that must come into one block, in which `metadata` stands for all of them. */
  addValues(values: readonly unknown[], metadata?: unknown): Promise<void> {
    return this.#add(() => {
      for (const value of values) this.#builder.addValue(value);
      this.#note(metadata);
    }, values.length);
  }

  /** Adds `count` whole lines of UTF-8, each ended by a newline; the bytes are copied. */
  addLines(bytes: Uint8Array, count: number): Promise<void> {
    if (this.isActive && !this.#mustWait()) {
      this.#take(() => this.#builder.addLines(bytes, count), count);
      return accepted;
    }
    const copy = new Uint8Array(bytes);
    return this.#add(() => this.#builder.addLines(copy, count), count);
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

  /**
   * Takes what still waits, cuts the last block and takes nothing more; resolves when all blocks are stored.
   * Idempotent.
   */
  async stop(): Promise<void> {
    if (this.#state === "Active") {
      this.#state = "StoppedAddingData";
      this.#wakeUp?.cancel();
      for (const waiting of this.#waiting.splice(0)) {
        waiting.add();
        waiting.done();
      }
      void this.#timer.stop(true);
      this.#cut();
    }
    await this.#pushing;
    this.#state = "StoppedAll";
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
    return this.#isHeldBack() || this.#waiting.length > 0 || this.#isTooEarly();
  }

  #isHeldBack(): boolean {
    return this.#paused || this.#unpushed.length >= this.#options.blockQueueSize;
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
    if (this.#builder.isLarge) this.#cut();
    if (!this.#options.limiter.isLimited) return;
    const nowMs = this.#options.clock.now();
    this.#readyAtMs = nowMs + this.#options.limiter.take(records, nowMs);
  }

  #takeWaiting(): void {
    if (this.#state !== "Active") return;
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    while (!this.#isHeldBack()) {
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

  #note(metadata: unknown): void {
    if (metadata !== undefined) this.#metadata.push(metadata);
  }

  /**
   * Makes blocks of what is there before the interval ends: what has arrived by the time of a batch is in that
   * batch, whatever the block interval.
   */
  cut(): void {
    if (this.#state === "Active") this.#cut();
  }

  #cut(): void {
    const metadata = this.#metadata;
    this.#metadata = [];
    const blocks = this.#builder.take();
    for (const [i, block] of blocks.entries()) {
      this.#unpushed.push({ block, metadata: i === blocks.length - 1 ? metadata : [] });
    }
    if (this.#pushing === undefined) this.#pushAll();
  }

  /** At once as long as storing does not take time, so that a block is there when its interval ends. */
  #pushAll(): void {
    for (let next = this.#unpushed[0]; next !== undefined; next = this.#unpushed[0]) {
      const pushed = this.#push(next);
      if (pushed !== undefined) {
        this.#pushing = pushed.then(() => {
          this.#unpushed.shift();
          this.#pushing = undefined;
          this.#pushAll();
          this.#takeWaiting();
          return this.#pushing;
        });
        return;
      }
      this.#unpushed.shift();
    }
  }

  #push({ block, metadata }: FinishedBlock): Promise<void> | undefined {
    const failed = (error: unknown): void => this.#options.onError("Error in block pushing", error);
    try {
      const pushed = this.#options.push(block, metadata);
      return pushed instanceof Promise ? pushed.catch(failed) : undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}
