import type { Platform } from "../../common/platform/platform.ts";
import type { Cancellation } from "../../task/cancellation.ts";
import type { TaskEnvironment } from "../../task/environment.ts";
import { PartitionCache } from "../../task/partition-cache.ts";
import { runTask, type TaskOutcome } from "../../task/run-task.ts";
import type { TaskSpec } from "../../task/spec.ts";
import type { Executor } from "./executor.ts";

/** Runs tasks in this thread, one after the other; the event loop gets its turns in between. */
export class InlineExecutor implements Executor {
  readonly slots = 1;
  onLost: ((home: number) => void) | undefined;
  readonly #environment: TaskEnvironment;
  #last: Promise<unknown> = Promise.resolve();

  constructor(platform: Platform) {
    this.#environment = {
      platform,
      cache: new PartitionCache(),
      hashSeed: platform.random.nextUint32(),
    };
  }

  run(spec: TaskSpec, _home: number | undefined, cancellation: Cancellation): Promise<TaskOutcome> {
    const start = () => {
      cancellation.throwIfCancelled();
      return runTask(spec, this.#environment, cancellation);
    };
    const run = this.#last.then(start, start);
    this.#last = run;
    return run;
  }

  homeOf(): number {
    return 0;
  }

  drop(node: number): void {
    this.#environment.cache.drop(node);
  }

  async stop(): Promise<void> {
    this.#environment.cache.clear();
  }
}
