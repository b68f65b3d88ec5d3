import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { Cancellation } from "../../task/cancellation.ts";
import { createTaskEnvironment, dropNode, type TaskEnvironment } from "../../task/environment.ts";
import { runTask, type TaskOutcome } from "../../task/run-task.ts";
import type { TaskSpec } from "../../task/spec.ts";
import type { Executor } from "./executor.ts";

/** Runs tasks in this thread, one after the other; the event loop gets its turns in between. */
export class InlineExecutor implements Executor {
  onLost: ((home: number) => void) | undefined;
  readonly #environment: TaskEnvironment;
  /** Ends when the task before has; holds on to nothing of it. */
  #last: Promise<void> = Promise.resolve();
  /** Gives up waiting for the tasks under way: a user's promise may never be settled. */
  readonly #abandon = new Set<(reason: unknown) => void>();

  constructor(platform: Platform) {
    this.#environment = createTaskEnvironment(platform, true);
  }

  run(spec: TaskSpec, _home: number | undefined, cancellation: Cancellation): Promise<TaskOutcome> {
    const start = () => {
      cancellation.throwIfCancelled();
      return runTask(spec, this.#environment, cancellation);
    };
    const { promise, resolve, reject } = Promise.withResolvers<TaskOutcome>();
    this.#abandon.add(reject);
    this.#last = this.#last
      .then(start)
      .then(resolve, reject)
      .finally(() => this.#abandon.delete(reject));
    return promise;
  }

  homeOf(): number {
    return 0;
  }

  drop(node: number): void {
    dropNode(this.#environment, node);
  }

  /** Tasks of this thread read the driver's own value. */
  releaseBroadcast(): void {}

  async stop(): Promise<void> {
    const stopped = millraceError("MR_JOB_CANCELLED", "the context was stopped");
    for (const abandon of this.#abandon) abandon(stopped);
    this.#environment.cache.clear();
    this.#environment.states.clear();
  }
}
