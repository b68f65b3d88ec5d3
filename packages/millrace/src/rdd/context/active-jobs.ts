import type { JobProperties } from "../../engine/index.ts";
import { Cancellation } from "../../task/cancellation.ts";

/** A job under way. */
export class ActiveJob {
  readonly id: number;
  readonly group: string | undefined;
  readonly cancellation = new Cancellation();
  #unlisten: (() => void)[] | undefined;

  constructor(id: number, group: string | undefined) {
    this.id = id;
    this.group = group;
  }

  /** The job is given up with the signal. */
  follow(signal: AbortSignal): void {
    if (signal.aborted) this.cancellation.cancel(signal.reason);
    const onAbort = (): void => this.cancellation.cancel(signal.reason);
    signal.addEventListener("abort", onAbort);
    this.#unlisten ??= [];
    this.#unlisten.push(() => signal.removeEventListener("abort", onAbort));
  }

  /** It has ended: signals of what goes on hold it no more. */
  unfollow(): void {
    if (this.#unlisten !== undefined) for (const stop of this.#unlisten) stop();
  }
}

/** The jobs under way, to be given up one by one, by group, or all. */
export class ActiveJobs {
  readonly #jobs = new Map<number, ActiveJob>();
  #nextId = 0;

  /** How many jobs are under way. */
  get count(): number {
    return this.#jobs.size;
  }

  /** A job begins, under a new id. */
  begin(properties: JobProperties): ActiveJob {
    const job = new ActiveJob(this.#nextId, properties[JOB_GROUP]);
    this.#nextId += 1;
    this.#jobs.set(job.id, job);
    return job;
  }

  end(job: ActiveJob): void {
    this.#jobs.delete(job.id);
    job.unfollow();
  }

  cancel(reason: string, isWanted: (id: number, group: string | undefined) => boolean): void {
    for (const [id, { group, cancellation }] of this.#jobs) {
      if (isWanted(id, group)) cancellation.cancel(reason);
    }
  }
}

/** The property that holds the group of jobs. */
export const JOB_GROUP = "spark.jobGroup.id";
