import type { JobProperties } from "../../engine/index.ts";

interface ActiveJob {
  readonly group: string | undefined;
  readonly controller: AbortController;
}

/** The jobs under way, to be given up one by one, by group, or all. */
export class ActiveJobs {
  readonly #jobs = new Map<number, ActiveJob>();
  #nextId = 0;

  /** Ids of jobs under way. */
  get ids(): number[] {
    return [...this.#jobs.keys()];
  }

  /** Runs a job under a new id; its signal follows `signals` and `cancel`. */
  async run<R>(
    properties: JobProperties,
    signals: readonly (AbortSignal | undefined)[],
    body: (id: number, signal: AbortSignal) => Promise<R>,
  ): Promise<R> {
    const id = this.#nextId;
    this.#nextId += 1;
    const controller = new AbortController();
    this.#jobs.set(id, { group: properties[JOB_GROUP], controller });
    const unlisten = signals.map(signal => follow(controller, signal));
    try {
      return await body(id, controller.signal);
    } finally {
      this.#jobs.delete(id);
      for (const stop of unlisten) stop?.();
    }
  }

  cancel(reason: string, isWanted: (id: number, group: string | undefined) => boolean): void {
    for (const [id, { group, controller }] of this.#jobs) if (isWanted(id, group)) controller.abort(reason);
  }
}

/** The property that holds the group of jobs. */
export const JOB_GROUP = "spark.jobGroup.id";

function follow(controller: AbortController, signal: AbortSignal | undefined): (() => void) | undefined {
  if (signal === undefined) return undefined;
  if (signal.aborted) {
    controller.abort(signal.reason);
    return undefined;
  }
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", onAbort);
  return () => signal.removeEventListener("abort", onAbort);
}
