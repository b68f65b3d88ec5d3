import { Worker } from "node:worker_threads";
import { type AnyFunction, type ShippedClosure, shipClosure } from "../../closure/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Timers } from "../../common/platform/platform.ts";
import { builtinName } from "../../task/builtins/index.ts";
import { CacheMiss } from "../../task/cached-source.ts";
import { encodeForThread } from "../../task/codec/columns.ts";
import type { TaskOutcome } from "../../task/run-task.ts";
import type { TaskFunction, TaskSink, TaskSpec } from "../../task/spec.ts";
import { describeThrown } from "../failure.ts";
import { plainOperation } from "../operation-of.ts";
import { partitionerToWire } from "../wire-partitioner.ts";
import { encodeInput } from "./encode-input.ts";
import type { Executor, ExecutorTask } from "./executor.ts";
import { RecentClosures } from "./recent-closures.ts";
import type { SchedulingConfig } from "./scheduling/pools.ts";
import { TaskQueue } from "./scheduling/task-queue.ts";
import { type WaitingTask, waitFor } from "./waiting-task.ts";
import { fromWireFailure } from "./wire-error.ts";
import { fromWireResult } from "./wire-result.ts";
import type {
  FromWorker,
  ToWorker,
  WireFunction,
  WireSink,
  WireTask,
  WorkerSettings,
} from "./worker-protocol.ts";

/**
 * Tasks make short-lived strings and arrays by the million. A young generation that stays in the processor's
 * cache makes a word count a quarter faster than Node's default of 192 MB.
 */
const YOUNG_GENERATION_MB = 16;

/** How long a thread may take to end what its tasks made for themselves, in milliseconds. */
const LEAVE_MS = 2000;

interface Slot {
  readonly index: number;
  /** Absent after a thread died: the next task gets a new one. */
  worker: Worker | undefined;
  running: (WaitingTask & { readonly id: number; readonly unlisten: () => void }) | undefined;
  /** The closures this worker has. */
  readonly sent: RecentClosures<true>;
}

/** Runs tasks on worker threads, one at a time on each; started with the context, kept until it stops. */
export class WorkerExecutor implements Executor {
  onLost: ((home: number, reason: string) => void) | undefined;
  readonly #slots: Slot[];
  readonly #timers: Timers;
  readonly #log: Logger;
  readonly #settings: WorkerSettings;
  readonly #queue: TaskQueue<WaitingTask>;
  #lastId = 0;
  #isStopped = false;

  constructor(
    count: number,
    timers: Timers,
    log: Logger,
    scheduling: SchedulingConfig,
    settings: WorkerSettings,
  ) {
    this.#timers = timers;
    this.#log = log;
    this.#settings = settings;
    this.#queue = new TaskQueue(scheduling);
    this.#slots = Array.from({ length: count }, (_, index) => ({
      index,
      worker: this.#start(index),
      running: undefined,
      sent: new RecentClosures<true>(),
    }));
  }

  homeOf(partition: number): number {
    return partition % this.#slots.length;
  }

  run(task: ExecutorTask): Promise<TaskOutcome> {
    if (this.#isStopped) return Promise.reject(stopped());
    const { waiting, outcome } = waitFor(task);
    this.#queue.push(waiting);
    this.#dispatch();
    return outcome;
  }

  drop(node: number): void {
    for (const { worker } of this.#slots) worker?.postMessage({ kind: "drop", node } satisfies ToWorker);
  }

  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void {
    for (const { worker } of this.#slots) {
      worker?.postMessage({ kind: "releaseBroadcast", key, what } satisfies ToWorker);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const reason = stopped();
    for (const pending of this.#queue.drain()) pending.reject(reason);
    await Promise.all(
      this.#slots.map(async slot => {
        const running = this.#settle(slot);
        running?.reject(reason);
        // A thread that is busy may not hear for long.
        if (running === undefined && slot.worker !== undefined) await this.#leave(slot.worker);
        await slot.worker?.terminate();
      }),
    );
  }

  /** Lets an idle thread end what its tasks made for themselves. */
  async #leave(worker: Worker): Promise<void> {
    const patience = new AbortController();
    await Promise.race([
      new Promise<void>(resolve => {
        worker.on("message", (message: FromWorker) => message.kind === "left" && resolve());
        worker.on("exit", () => resolve());
        worker.postMessage({ kind: "leave" } satisfies ToWorker);
      }),
      this.#timers.sleep(LEAVE_MS, patience.signal).catch(() => {}),
    ]);
    patience.abort();
  }

  #slot(index: number): Slot {
    return this.#slots[index] as Slot;
  }

  #start(index: number): Worker {
    const file = import.meta.url.endsWith(".ts") ? "./worker-main.ts" : "./worker-main.js";
    const worker = new Worker(new URL(file, import.meta.url), {
      name: `millrace-${index}`,
      workerData: this.#settings,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    // An idle worker does not keep the process alive; a task does.
    worker.unref();
    worker.on("message", (message: FromWorker) => this.#receive(this.#slot(index), message));
    worker.on("error", error => this.#lose(index, error));
    worker.on("exit", code => this.#lose(index, `it exited with code ${code}`));
    return worker;
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      while (slot.running === undefined) {
        const pending = this.#queue.take(slot.index);
        if (pending === undefined) break;
        this.#send(slot, pending);
      }
    }
  }

  #send(slot: Slot, pending: WaitingTask): void {
    this.#lastId += 1;
    const id = this.#lastId;
    pending.begins();
    try {
      pending.cancellation.throwIfCancelled();
      const { task, closures } = toWire(pending.spec, slot.sent);
      slot.worker ??= this.#start(slot.index);
      slot.worker.postMessage({ kind: "run", id, task, closures } satisfies ToWorker);
    } catch (error) {
      // Nothing was sent: the books must not say so.
      slot.sent.clear();
      this.#queue.ended(pending);
      pending.reject(asShipError(error));
      return;
    }
    pending.onStart?.(slot.index);
    const unlisten = pending.cancellation.onCancel(() =>
      slot.worker?.postMessage({ kind: "cancel", id } satisfies ToWorker),
    );
    slot.running = { ...pending, id, unlisten };
    slot.worker?.ref();
  }

  /** The slot is free again; answers the task it had. */
  #settle(slot: Slot): WaitingTask | undefined {
    const { running } = slot;
    if (running === undefined) return undefined;
    running.unlisten();
    this.#queue.ended(running);
    slot.running = undefined;
    slot.worker?.unref();
    return running;
  }

  #receive(slot: Slot, message: FromWorker): void {
    if (message.kind === "left" || slot.running?.id !== message.id) return;
    const pending = this.#settle(slot);
    switch (message.kind) {
      case "done":
        if (pending !== undefined) answer(pending, message);
        break;
      case "failed":
        // Perhaps while functions were revived: what the worker has is not known any more.
        slot.sent.clear();
        pending?.reject(fromWireFailure(message.failure));
        break;
      case "cacheMiss":
        pending?.reject(new CacheMiss(message.node, message.partition));
    }
    this.#dispatch();
  }

  /**
   * A thread died: its task fails, what it kept is gone. Another takes its place when there is a task for it,
   * so that threads which cannot even start are not started for ever.
   */
  #lose(index: number, cause: unknown): void {
    if (this.#isStopped) return;
    const slot = this.#slot(index);
    slot.worker?.removeAllListeners();
    slot.worker?.on("error", () => {});
    void slot.worker?.terminate();
    const pending = this.#settle(slot);
    const reason = describeLoss(cause);
    this.#log.warn(`worker thread ${index} died and is replaced: ${reason}`);
    this.onLost?.(index, reason);
    slot.sent.clear();
    slot.worker = undefined;
    pending?.reject(workerLost(index, reason, cause));
    this.#dispatch();
  }
}

function answer(
  { resolve, reject }: WaitingTask,
  message: Extract<FromWorker, { readonly kind: "done" }>,
): void {
  if (message.encoded === undefined) resolve(message);
  else fromWireResult(message.encoded).then(result => resolve({ ...message, result }), reject);
}

function isOutOfMemory(cause: unknown): boolean {
  return (cause as { readonly code?: unknown } | undefined)?.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function describeLoss(cause: unknown): string {
  if (isOutOfMemory(cause)) return "it ran out of memory";
  return typeof cause === "string" ? cause : describeThrown(cause);
}

function workerLost(index: number, reason: string, cause: unknown) {
  const message = `worker thread ${index} died: ${reason}`;
  if (!isOutOfMemory(cause)) return millraceError("MR_WORKER_LOST", message, { cause });
  const hint = "Give Node more memory (--max-old-space-size, in MB), or make more, smaller partitions.";
  return millraceError("MR_WORKER_LOST", message, { cause, hint });
}

function stopped() {
  return millraceError("MR_JOB_CANCELLED", "the context was stopped");
}

/** `sent`: what the worker has already; brought up to date as if the task were sent. */
function toWire(
  spec: TaskSpec,
  sent: RecentClosures<true>,
): { readonly task: WireTask; readonly closures: ShippedClosure[] } {
  const closures: ShippedClosure[] = [];
  sent.trim();
  const ship = ({ fn, operator, site }: TaskFunction): WireFunction => {
    const name = builtinName(fn);
    if (name !== undefined) return { hash: name, operator, site };
    const shipped = shipClosure(fn, {
      operator,
      ...(site === undefined ? {} : { site }),
      sharesClasses: true,
    });
    if (sent.use(shipped.hash) === undefined) {
      closures.push(shipped);
      sent.add(shipped.hash, true);
    }
    return { hash: shipped.hash, operator, site };
  };
  const functions = spec.functions.map(ship);
  const sink = sinkToWire(
    spec.sink,
    fn => functions.push(ship({ fn, operator: "partitioner", site: undefined })) - 1,
  );
  const { stage, partition, attempt } = spec;
  const input = encodeInput(spec.input, encodeForThread);
  return { task: { stage, partition, attempt, input, functions, sink }, closures };
}

function sinkToWire(sink: TaskSink, add: (fn: AnyFunction) => number): WireSink {
  if (sink.kind !== "shuffle") return sink;
  const operation = plainOperation(sink.operation);
  return { ...sink, operation, partitioner: partitionerToWire(sink.partitioner, add) };
}

function asShipError(error: unknown): unknown {
  if ((error as Error | undefined)?.name !== "DataCloneError") return error;
  return millraceError(
    "MR_RECORD_UNSHIPPABLE",
    `a record cannot go to a worker thread: ${(error as Error).message}`,
    {
      cause: error,
    },
  );
}
