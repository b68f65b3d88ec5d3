import type { Timer } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { RestoredInput } from "../input/input-operator.ts";
import type { ReceiverInfo, StreamingEvent } from "../scheduler/streaming-listener.ts";
import { IntakeLimit } from "./intake-limit.ts";
import type { AllocatedBlocks, BlockMetadata, NewBlock, ReceivedBlock } from "./received-block.ts";
import type { ReceivedBlockStore } from "./received-block-store.ts";
import { ReceivedBlocks } from "./received-blocks.ts";
import type { Receiver } from "./receiver.ts";
import {
  type ReceiverHome,
  type ReceiverSettings,
  ReceiverSupervisor,
  type ReceiverTime,
} from "./receiver-supervisor.ts";
import { type RecordedBlocks, receivedBlock, recordedBlock } from "./recorded-blocks.ts";

/** The receiver of one input stream. */
export interface ReceiverInput {
  readonly streamId: number;
  readonly receiver: Receiver<unknown>;
}

/** What a tracker works with. */
export interface ReceiverTrackerOptions extends ReceiverTime {
  readonly inputs: readonly ReceiverInput[];
  readonly hostname: string;
  readonly settings: ReceiverSettings;
  readonly store: ReceivedBlockStore;
  /** The batch interval. */
  readonly batchMs: number;
  /** Received bytes that may wait for processing at most. */
  readonly maxWaitingBytes: number;
  readonly log: Logger;
  readonly post: (event: StreamingEvent) => void;
}

interface Tracked {
  readonly input: ReceiverInput;
  supervisor: ReceiverSupervisor<unknown> | undefined;
  restart: Timer | undefined;
  /** What back-pressure asked for last, in records a second. */
  rate: number | undefined;
  info: ReceiverInfo;
}

/**
 * Runs the receivers of a context and hands the blocks they store to batches. A receiver that ends while
 * the context runs is started again after the restart delay.
 */
export class ReceiverTracker implements ReceiverHome {
  readonly #options: ReceiverTrackerOptions;
  readonly #tracked: ReadonlyMap<number, Tracked>;
  readonly #blocks = new ReceivedBlocks();
  readonly #intake: IntakeLimit;
  #state: "initialized" | "started" | "stopped" = "initialized";
  #arePaused = false;

  constructor(options: ReceiverTrackerOptions) {
    this.#options = options;
    this.#intake = new IntakeLimit(options.batchMs, options.maxWaitingBytes);
    this.#tracked = new Map(
      options.inputs.map(input => [
        input.streamId,
        {
          input,
          supervisor: undefined,
          restart: undefined,
          rate: undefined,
          info: unknownReceiver(input, options.hostname),
        },
      ]),
    );
  }

  /** What earlier runs gave to batches; before `open`. */
  restore(streamId: number, state: RecordedBlocks | undefined, earlier: RestoredInput): void {
    this.#blocks.restoreAllocated(streamId, allocatedBlocks(state), earlier.lastMs);
    for (const { timeMs, recorded } of earlier.batches) {
      const batch = recorded as RecordedBlocks;
      const restored = batch.blocks.map(block => receivedBlock(streamId, block));
      this.#blocks.restore(timeMs, streamId, restored);
      this.#blocks.restoreAllocated(streamId, allocatedBlocks(batch), timeMs);
    }
  }

  /** Opens the store, and takes what earlier runs received and gave to no batch. */
  async open(): Promise<void> {
    const { store } = this.#options;
    const left = await store.open?.([...this.#tracked.keys()], this.#blocks.allocated);
    for (const block of left ?? []) this.#blocks.add(block);
  }

  /** What to record about a batch, or of all until now, so that another run has the same blocks. */
  record(streamId: number, timeMs?: number): RecordedBlocks | undefined {
    if (this.#options.store.open === undefined) return undefined;
    const blocks = timeMs === undefined ? [] : this.#blocks.ofBatch(timeMs, streamId);
    const { sequence = 0, lastMetadata = null } = this.#blocks.allocated.get(streamId) ?? {};
    return { through: sequence, lastMetadata, blocks: blocks.map(recordedBlock) };
  }

  lastMetadata(streamId: number): BlockMetadata | undefined {
    return this.#options.store.lastMetadata?.(streamId);
  }

  start(): void {
    this.#state = "started";
    for (const tracked of this.#tracked.values()) this.#launch(tracked);
  }

  /** Stops all receivers; what they stored so far is kept for the batches to come. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    const stopping = Array.from(this.#tracked.values(), tracked => {
      tracked.restart?.cancel();
      return tracked.supervisor?.stop("Stopped by driver");
    });
    await Promise.all(stopping);
  }

  get hasUnallocatedBlocks(): boolean {
    return this.#blocks.hasUnallocated;
  }

  /** Gives what was received until now to the batch at `timeMs`. */
  allocateBlocksTo(timeMs: number): void {
    for (const { supervisor } of this.#tracked.values()) supervisor?.cut();
    this.#blocks.allocateTo(timeMs);
    this.#intake.batchAllocated(timeMs);
  }

  blocksOf(timeMs: number, streamId: number): readonly ReceivedBlock[] {
    return this.#blocks.ofBatch(timeMs, streamId);
  }

  /** The jobs of a batch took so long: what that tells about how much may wait. */
  batchProcessed(timeMs: number, processingMs: number): void {
    this.#intake.processed(timeMs, processingMs);
  }

  /** The jobs of a batch have ended, so receivers that were paused may go on. */
  batchCompleted(timeMs: number): void {
    this.#intake.batchCompleted(timeMs);
    this.#balance();
  }

  /** Forgets the blocks of the batches before `thresholdMs`. */
  cleanup(thresholdMs: number): void {
    this.#options.store.forget(thresholdMs, this.#blocks.cleanup(thresholdMs));
  }

  /** The receivers' present states. */
  get receivers(): readonly ReceiverInfo[] {
    return Array.from(this.#tracked.values(), ({ info }) => info);
  }

  register(streamId: number): boolean {
    if (this.#state !== "started") return false;
    const receiverInfo = this.#change(streamId, { active: true });
    if (receiverInfo !== undefined) this.#options.post({ kind: "receiverStarted", receiverInfo });
    return receiverInfo !== undefined;
  }

  deregister(streamId: number, message: string, error: unknown): void {
    const lastError = stackOf(error);
    const receiverInfo = this.#change(streamId, {
      active: false,
      lastErrorMessage: message,
      lastError,
      ...(lastError === "" ? {} : { lastErrorTime: this.#options.clock.now() }),
    });
    if (receiverInfo !== undefined) this.#options.post({ kind: "receiverStopped", receiverInfo });
  }

  reportError(streamId: number, message: string, error: unknown): void {
    const receiverInfo = this.#change(streamId, { lastErrorMessage: message, lastError: stackOf(error) });
    if (receiverInfo !== undefined) this.#options.post({ kind: "receiverError", receiverInfo });
  }

  addBlock(block: NewBlock): void | Promise<void> {
    const stored = this.#options.store.store(block);
    if (stored instanceof Promise) return stored.then(received => this.#received(received));
    this.#received(stored);
  }

  /** Lets the receiver of a stream take so many records a second from now on. */
  updateRate(streamId: number, rate: number): void {
    const tracked = this.#tracked.get(streamId);
    if (tracked === undefined) return;
    tracked.rate = rate;
    tracked.supervisor?.updateRate(rate);
  }

  /** What the generators of a stream's receiver may take now, in records a second; infinite without a limit. */
  rateLimits(streamId: number): readonly number[] {
    return this.#tracked.get(streamId)?.supervisor?.rateLimits ?? [];
  }

  #received(block: ReceivedBlock): void {
    this.#blocks.add(block);
    this.#intake.received(block.block);
    this.#balance();
  }

  #launch(tracked: Tracked): void {
    const { clock, timers, settings, log } = this.#options;
    const { streamId, receiver } = tracked.input;
    const supervisor = new ReceiverSupervisor(streamId, receiver, this, { clock, timers }, settings, log);
    tracked.supervisor = supervisor;
    supervisor.setPaused(this.#arePaused);
    if (tracked.rate !== undefined) supervisor.updateRate(tracked.rate);
    supervisor.start();
    void supervisor.ended.then(() => {
      if (this.#state !== "started") return;
      tracked.restart = clock.schedule(clock.now() + settings.restartDelayMs, () => this.#launch(tracked));
    });
  }

  #balance(): void {
    const full = this.#intake.isFull;
    if (full === this.#arePaused) return;
    this.#arePaused = full;
    this.#options.log.info(full ? "Receivers wait: processing has fallen behind" : "Receivers go on");
    for (const { supervisor } of this.#tracked.values()) supervisor?.setPaused(full);
  }

  #change(streamId: number, change: Partial<ReceiverInfo>): ReceiverInfo | undefined {
    const tracked = this.#tracked.get(streamId);
    if (tracked === undefined) return undefined;
    tracked.info = { ...tracked.info, ...change };
    return tracked.info;
  }
}

function unknownReceiver(input: ReceiverInput, hostname: string): ReceiverInfo {
  return {
    streamId: input.streamId,
    name: `${input.receiver.constructor.name}-${input.streamId}`,
    active: false,
    location: hostname,
    executorId: "driver",
    lastErrorMessage: "",
    lastError: "",
    lastErrorTime: -1,
  };
}

function allocatedBlocks(recorded: RecordedBlocks | undefined): AllocatedBlocks {
  return { sequence: recorded?.through ?? 0, lastMetadata: recorded?.lastMetadata ?? undefined };
}

function stackOf(error: unknown): string {
  if (error === undefined) return "";
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
