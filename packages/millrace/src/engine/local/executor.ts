import type { Cancellation } from "../../task/cancellation.ts";
import type { TaskOutcome } from "../../task/run-task.ts";
import type { TaskSpec } from "../../task/spec.ts";

/** A place that runs tasks: this thread, or a number of worker threads. */
export interface Executor {
  /**
   * Runs a task, when a slot is free. `home` is the slot whose kept partitions the task reads or will
   * write; without one any slot will do. Rejects with what the task threw.
   */
  run(spec: TaskSpec, home: number | undefined, cancellation: Cancellation): Promise<TaskOutcome>;
  /** Which slot keeps partition i when nothing is known: always the same one. */
  homeOf(partition: number): number;
  /** Forgets the kept partitions of a node. */
  drop(node: number): void;
  /** Lets go of what the slots hold of a broadcast variable. */
  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void;
  /** Told of a slot that lost what it kept. */
  onLost: ((home: number) => void) | undefined;
  stop(): Promise<void>;
}
