import type { StreamClock, Timer } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Timers } from "../../common/platform/platform.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { BlockGenerator, type BlockGeneratorOptions } from "./block-generator.ts";
import { RateLimiter } from "./rate-limiter.ts";
import type { BlockMetadata, NewBlock } from "./received-block.ts";
import { attachSupervisor, type Receiver } from "./receiver.ts";
import type { Lines } from "./text-lines.ts";

/** What a supervisor tells its tracker. */
export interface ReceiverHome {
  /** A receiver is about to start; `false` when it must not. */
  register(streamId: number): boolean;
  deregister(streamId: number, message: string, error: unknown): void;
  reportError(streamId: number, message: string, error: unknown): void;
  /** Stores a block for a batch to come; done at once when the answer is no promise. */
  addBlock(block: NewBlock): void | Promise<void>;
  /** What the last block of a stream that is safe was stored with, also by an earlier run. */
  lastMetadata?(streamId: number): BlockMetadata | undefined;
}

/** Time for receivers: the context's clock, and timers that go on when that stands still. */
export interface ReceiverTime {
  readonly clock: StreamClock;
  readonly timers: Timers;
}

/** Settings of all receivers of a context. */
export interface ReceiverSettings {
  readonly blockIntervalMs: number;
  readonly blockQueueSize: number;
  readonly restartDelayMs: number;
  readonly maxRate: number | undefined;
  readonly initialRate: number | undefined;
}

/** How long a receiver's `onStop` is waited for. */
const onStopPatienceMs = 10_000;

type ReceiverState = "Initialized" | "Started" | "Stopped";

/** Runs one receiver: starts, restarts and stops it, and turns what it stores into blocks. */
export class ReceiverSupervisor<T> {
  readonly streamId: number;
  readonly #receiver: Receiver<T>;
  readonly #home: ReceiverHome;
  readonly #clock: StreamClock;
  readonly #timers: Timers;
  readonly #settings: ReceiverSettings;
  readonly #log: Logger;
  readonly #generator: BlockGenerator;
  readonly #generators: { readonly generator: BlockGenerator; readonly limiter: RateLimiter }[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #state: ReceiverState = "Initialized";
  #restart: Timer | undefined;
  #isRestarting = false;
  #isEnding = false;
  #isPaused = false;
  #rate: number | undefined;
  #lastBlockNumber = 0;

  constructor(
    streamId: number,
    receiver: Receiver<T>,
    home: ReceiverHome,
    { clock, timers }: ReceiverTime,
    settings: ReceiverSettings,
    log: Logger,
  ) {
    this.streamId = streamId;
    this.#receiver = receiver;
    this.#home = home;
    this.#clock = clock;
    this.#timers = timers;
    this.#settings = settings;
    this.#log = log;
    this.#generator = this.createBlockGenerator(block => this.#push(block));
    attachSupervisor(receiver, this);
  }

  /**
   * One more generator beside the receiver's own, under the same rate limit, that hands finished blocks to
   * `push`: for receivers that note with each block up to where their source was read.
   */
  createBlockGenerator(push: BlockGeneratorOptions["push"]): BlockGenerator {
    const { blockIntervalMs, blockQueueSize, maxRate, initialRate } = this.#settings;
    const limiter = new RateLimiter(maxRate, this.#rate ?? initialRate);
    const generator = new BlockGenerator({
      clock: this.#clock,
      blockIntervalMs,
      blockQueueSize,
      limiter,
      push,
      onError: (message, error) => this.reportError(message, error),
    });
    generator.setPaused(this.#isPaused);
    this.#generators.push({ generator, limiter });
    return generator;
  }

  /** Records a second that each of its generators may take from now on. */
  updateRate(rate: number): void {
    this.#rate = rate;
    for (const { limiter } of this.#generators) limiter.updateRate(rate);
  }

  /** The limits of its generators, in records a second. */
  get rateLimits(): readonly number[] {
    return this.#generators.map(({ limiter }) => limiter.currentLimit);
  }

  /** What the last block that is safe was stored with, also by an earlier run. */
  get lastMetadata(): BlockMetadata | undefined {
    return this.#home.lastMetadata?.(this.streamId);
  }

  /** Resolves when the supervisor has stopped for good. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get isReceiverStarted(): boolean {
    return this.#state === "Started";
  }

  get isReceiverStopped(): boolean {
    return this.#state === "Stopped";
  }

  whenReady(): Promise<void> | undefined {
    return this.#generator.whenReady();
  }

  start(): void {
    this.#generator.start();
    this.#startReceiver();
  }

  /** Stops the receiver and keeps what it stored; idempotent. */
  async stop(message: string, error?: unknown): Promise<void> {
    if (!this.#isEnding) {
      this.#isEnding = true;
      this.#restart?.cancel();
      await this.#stopReceiver(message, error);
      await Promise.all(this.#generators.map(({ generator }) => generator.stop()));
      this.#ended.resolve();
    }
    return this.ended;
  }

  restart(message: string, error?: unknown, delayMs = this.#settings.restartDelayMs): void {
    if (this.#isEnding || this.#isRestarting) return;
    this.#isRestarting = true;
    const reason = `Restarting receiver with delay ${delayMs} ms: ${message}`;
    this.#log.warn(reason, error ?? { streamId: this.streamId });
    void this.#stopReceiver(reason, error).then(() => {
      if (this.#isEnding) return;
      this.#restart = this.#clock.schedule(this.#clock.now() + delayMs, () => {
        this.#isRestarting = false;
        this.#startReceiver();
      });
    });
  }

  reportError(message: string, error: unknown): void {
    this.#log.warn(`Receiver ${this.streamId} reported an error: ${message}`, error);
    this.#home.reportError(this.streamId, message, error);
  }

  /** Lets the receiver wait, or go on, when processing has fallen behind. */
  setPaused(paused: boolean): void {
    this.#isPaused = paused;
    for (const { generator } of this.#generators) generator.setPaused(paused);
  }

  /** Makes blocks of what was received until now. */
  cut(): void {
    for (const { generator } of this.#generators) generator.cut();
  }

  storeRecord(record: T): Promise<void> {
    return this.#generator.addValue(record);
  }

  storeLines(lines: Lines): Promise<void> {
    return this.#generator.addLines(lines.bytes, lines.count);
  }

  async storeBlock(records: Iterable<T>, metadata?: BlockMetadata): Promise<void> {
    const values = Array.from(records);
    await this.#whenUnpaused();
    await this.#push({ kind: "values", values }, metadata);
  }

  async storeBytes(bytes: Uint8Array, metadata?: BlockMetadata): Promise<void> {
    await this.#whenUnpaused();
    await this.#push({ kind: "encoded", bytes }, metadata);
  }

  /** A block of many records waits while processing has fallen behind, but for no rate. */
  async #whenUnpaused(): Promise<void> {
    while (this.#isPaused && this.#generator.isActive) await this.#generator.whenReady();
  }

  #push(block: StoredBlock, metadata?: BlockMetadata): void | Promise<void> {
    const { streamId } = this;
    const { storageLevel } = this.#receiver;
    return this.#home.addBlock({
      id: this.#nextBlockId(),
      streamId,
      block,
      numRecords: recordsOf(block),
      metadata,
      storageLevel,
    });
  }

  /** Numbers start at the time and grow, so that another run of the application uses others. */
  #nextBlockId(): string {
    this.#lastBlockNumber = Math.max(this.#lastBlockNumber + 1, this.#clock.now());
    return `input-${this.streamId}-${this.#lastBlockNumber}`;
  }

  #startReceiver(): void {
    if (this.#isEnding) return;
    if (!this.#home.register(this.streamId)) {
      void this.stop(
        `Registered unsuccessfully because the driver refused to start receiver ${this.streamId}`,
      );
      return;
    }
    this.#state = "Started";
    try {
      const running: unknown = this.#receiver.onStart();
      if (running instanceof Promise) running.catch(error => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const message = `Error starting receiver ${this.streamId}`;
    this.#log.warn(message, error);
    void this.stop(message, error);
  }

  /** An `onStop` that hangs must not keep the context from stopping, nor the receiver from starting again. */
  async #withPatience(stopping: void | Promise<void>): Promise<void> {
    if (!(stopping instanceof Promise)) return;
    const patience = new AbortController();
    const hung = this.#timers.sleep(onStopPatienceMs, patience.signal).then(
      () =>
        this.#log.error(
          `Receiver ${this.streamId} goes on stopping after ${onStopPatienceMs} ms: not waited for`,
        ),
      () => {},
    );
    try {
      await Promise.race([stopping, hung]);
    } finally {
      patience.abort();
    }
  }

  async #stopReceiver(message: string, error: unknown): Promise<void> {
    if (this.#state !== "Started") {
      this.#log.debug(`Skip stopping receiver ${this.streamId}: it is ${this.#state}`);
      return;
    }
    this.#state = "Stopped";
    try {
      await this.#withPatience(this.#receiver.onStop());
    } catch (failure) {
      this.#log.error(`Error stopping receiver ${this.streamId}`, failure);
    }
    this.#home.deregister(this.streamId, message, error);
  }
}

function recordsOf(block: StoredBlock): number | undefined {
  switch (block.kind) {
    case "values":
      return block.values.length;
    case "lines":
      return block.count;
    case "encoded":
    case "file":
      return undefined;
  }
}
