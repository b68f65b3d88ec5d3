import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { createTaskEnvironment, dropNode, type TaskEnvironment } from "../../task/environment.ts";
import { closeExecutorLocals } from "../../task/executor-local.ts";
import { type MemorySettings, unlimitedMemory } from "../../task/memory/task-memory.ts";
import { runTask, type TaskOutcome } from "../../task/run-task.ts";
import type { Executor, ExecutorTask } from "./executor.ts";
import { FIFO, type SchedulingConfig } from "./scheduling/pools.ts";
import { TaskQueue } from "./scheduling/task-queue.ts";
import { type WaitingTask, waitFor } from "./waiting-task.ts";

/** The only slot. */
const SLOT = 0;

/** Runs tasks in this thread, one after the other; the event loop gets its turns in between. */
export class InlineExecutor implements Executor {
  onLost: ((home: number) => void) | undefined;
  readonly #environment: TaskEnvironment;
  readonly #queue: TaskQueue<WaitingTask>;
  #running: WaitingTask | undefined;

  constructor(
    platform: Platform,
    scheduling: SchedulingConfig = FIFO,
    memory: MemorySettings = unlimitedMemory(),
  ) {
    this.#environment = createTaskEnvironment(platform, true, memory);
    this.#queue = new TaskQueue(scheduling);
  }

  run(task: ExecutorTask): Promise<TaskOutcome> {
    const { waiting, outcome } = waitFor({ ...task, home: undefined });
    this.#queue.push(waiting);
    // Not at once: what else is started in this turn may come first.
    if (this.#running === undefined) queueMicrotask(() => this.#startNext());
    return outcome;
  }

  homeOf(): number {
    return SLOT;
  }

  drop(node: number): void {
    dropNode(this.#environment, node);
  }

  /** Tasks of this thread read the driver's own value. */
  releaseBroadcast(): void {}

  /** Also gives up waiting for the task under way: a user's promise may never be settled. */
  async stop(): Promise<void> {
    const stopped = millraceError("MR_JOB_CANCELLED", "the context was stopped");
    for (const task of this.#queue.drain()) task.reject(stopped);
    this.#running?.reject(stopped);
    this.#environment.cache.clear();
    this.#environment.states.clear();
    await closeExecutorLocals();
  }

  #startNext(): void {
    if (this.#running !== undefined) return;
    const task = this.#queue.take(SLOT);
    if (task === undefined) return;
    this.#running = task;
    const ended = () => {
      this.#running = undefined;
      this.#queue.ended(task);
      this.#startNext();
    };
    this.#execute(task).then(task.resolve, task.reject).then(ended);
  }

  async #execute(task: WaitingTask): Promise<TaskOutcome> {
    task.begins();
    task.cancellation.throwIfCancelled();
    task.onStart?.(SLOT);
    return runTask(task.spec, this.#environment, task.cancellation);
  }
}
