import type { JobProperties } from "../../engine/index.ts";
import { Cancellation } from "../../task/cancellation.ts";

interface ActiveJob {
  readonly group: string | undefined;
  readonly cancellation: Cancellation;
}

/** The jobs under way, to be given up one by one, by group, or all. */
export class ActiveJobs {
  readonly #jobs = new Map<number, ActiveJob>();
  #nextId = 0;

  /** Ids of jobs under way. */
  get ids(): number[] {
    return [...this.#jobs.keys()];
  }

  /** Runs a job under a new id; its cancellation follows `signals` and `cancel`. */
  async run<R>(
    properties: JobProperties,
    signals: readonly (AbortSignal | undefined)[],
    body: (id: number, cancellation: Cancellation) => Promise<R>,
  ): Promise<R> {
    const id = this.#nextId;
    this.#nextId += 1;
    const cancellation = new Cancellation();
    this.#jobs.set(id, { group: properties[JOB_GROUP], cancellation });
    let unlisten: (() => void)[] | undefined;
    for (const signal of signals) {
      if (signal === undefined) continue;
      unlisten ??= [];
      unlisten.push(follow(cancellation, signal));
    }
    try {
      return await body(id, cancellation);
    } finally {
      this.#jobs.delete(id);
      for (const stop of unlisten ?? []) stop();
    }
  }

  cancel(reason: string, isWanted: (id: number, group: string | undefined) => boolean): void {
    for (const [id, { group, cancellation }] of this.#jobs) {
      if (isWanted(id, group)) cancellation.cancel(reason);
    }
  }
}

/** The property that holds the group of jobs. */
export const JOB_GROUP = "spark.jobGroup.id";

function follow(cancellation: Cancellation, signal: AbortSignal): () => void {
  if (signal.aborted) cancellation.cancel(signal.reason);
  const onAbort = (): void => cancellation.cancel(signal.reason);
  signal.addEventListener("abort", onAbort);
  return () => signal.removeEventListener("abort", onAbort);
}
