import type { Cancellation } from "../../task/cancellation.ts";
import type { TaskOutcome } from "../../task/run-task.ts";
import type { TaskSpec } from "../../task/spec.ts";
import type { QueuedTask } from "./scheduling/task-set.ts";

/** A task with what its place needs to know. */
export interface ExecutorTask extends QueuedTask {
  readonly spec: TaskSpec;
  readonly cancellation: Cancellation;
  /** Told of the slot when the task gets one. */
  onStart?(slot: number): void;
}

/** A place that runs tasks: this thread, or a number of worker threads. */
export interface Executor {
  /**
   * Runs a task, when a slot is free. `home` is the slot whose kept partitions the task reads or will
   * write; without one any slot will do. Rejects with what the task threw, and with MR_WORKER_LOST when the slot died
   * under it.
   */
  run(task: ExecutorTask): Promise<TaskOutcome>;
  /** Which slot keeps partition i when nothing is known: always the same one. */
  homeOf(partition: number): number;
  /** Forgets the kept partitions of a node. */
  drop(node: number): void;
  /** Lets go of what the slots hold of a broadcast variable. */
  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void;
  /** Told of a slot that lost what it kept. */
  onLost: ((home: number, reason: string) => void) | undefined;
  stop(): Promise<void>;
}
