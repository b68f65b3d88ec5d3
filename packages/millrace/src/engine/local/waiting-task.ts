import type { TaskOutcome } from "../../task/run-task.ts";
import type { ExecutorTask } from "./executor.ts";

/** A task that waits for its turn, and how its end is told. */
export interface WaitingTask extends ExecutorTask {
  readonly resolve: (outcome: TaskOutcome) => void;
  readonly reject: (reason: unknown) => void;
  /** To be called when it gets its turn. */
  readonly begins: () => void;
}

/** A task on its way into the queue. Nobody waits for one that is given up there: another job may hold its slot for long. */
export function waitFor(task: ExecutorTask): {
  readonly waiting: WaitingTask;
  readonly outcome: Promise<TaskOutcome>;
} {
  const { promise: outcome, resolve, reject } = Promise.withResolvers<TaskOutcome>();
  const { cancellation } = task;
  const begins = cancellation.onCancel(() => reject(cancellation.reason));
  return { waiting: { ...task, resolve, reject, begins }, outcome };
}
