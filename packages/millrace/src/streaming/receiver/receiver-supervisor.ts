import type { StreamClock, Timer } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { BlockGenerator } from "./block-generator.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { attachSupervisor, type Receiver } from "./receiver.ts";
import type { Lines } from "./text-lines.ts";

/** A block on its way to a batch. */
export interface ReceivedBlock {
  readonly streamId: number;
  readonly block: StoredBlock;
  readonly numRecords: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a supervisor tells its tracker. */
export interface ReceiverHome {
  /** A receiver is about to start; `false` when it must not. */
  register(streamId: number): boolean;
  deregister(streamId: number, message: string, error: unknown): void;
  reportError(streamId: number, message: string, error: unknown): void;
  addBlock(block: ReceivedBlock): void;
}

/** Settings of all receivers of a context. */
export interface ReceiverSettings {
  readonly blockIntervalMs: number;
  readonly restartDelayMs: number;
  readonly maxRate: number | undefined;
  readonly initialRate: number | undefined;
}

type ReceiverState = "Initialized" | "Started" | "Stopped";

/** Runs one receiver: starts, restarts and stops it, and turns what it stores into blocks. */
export class ReceiverSupervisor<T> {
  readonly streamId: number;
  readonly #receiver: Receiver<T>;
  readonly #home: ReceiverHome;
  readonly #clock: StreamClock;
  readonly #settings: ReceiverSettings;
  readonly #log: Logger;
  readonly #generator: BlockGenerator;
  readonly #ended = Promise.withResolvers<void>();
  #state: ReceiverState = "Initialized";
  #restart: Timer | undefined;
  #isRestarting = false;
  #isEnding = false;

  constructor(
    streamId: number,
    receiver: Receiver<T>,
    home: ReceiverHome,
    clock: StreamClock,
    settings: ReceiverSettings,
    log: Logger,
  ) {
    this.streamId = streamId;
    this.#receiver = receiver;
    this.#home = home;
    this.#clock = clock;
    this.#settings = settings;
    this.#log = log;
    this.#generator = new BlockGenerator({
      clock,
      blockIntervalMs: settings.blockIntervalMs,
      limiter: new RateLimiter(settings.maxRate, settings.initialRate),
      push: block => this.#push(block, block.kind === "values" ? block.values.length : block.count),
    });
    attachSupervisor(receiver, this);
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
      this.#generator.stop();
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
    this.#generator.setPaused(paused);
  }

  storeRecord(record: T): Promise<void> {
    return this.#generator.addValue(record);
  }

  storeLines(lines: Lines): Promise<void> {
    return this.#generator.addLines(lines.bytes, lines.count);
  }

  async storeBlock(records: Iterable<T>, metadata?: Readonly<Record<string, unknown>>): Promise<void> {
    const values = Array.from(records);
    this.#push({ kind: "values", values }, values.length, metadata);
  }

  #push(block: StoredBlock, numRecords: number, metadata?: Readonly<Record<string, unknown>>): void {
    const { streamId } = this;
    this.#home.addBlock(
      metadata === undefined ? { streamId, block, numRecords } : { streamId, block, numRecords, metadata },
    );
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

  async #stopReceiver(message: string, error: unknown): Promise<void> {
    if (this.#state !== "Started") {
      this.#log.debug(`Skip stopping receiver ${this.streamId}: it is ${this.#state}`);
      return;
    }
    this.#state = "Stopped";
    try {
      await this.#receiver.onStop();
    } catch (failure) {
      this.#log.error(`Error stopping receiver ${this.streamId}`, failure);
    }
    this.#home.deregister(this.streamId, message, error);
  }
}
