import type { StreamClock } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Timers } from "../../common/platform/platform.ts";
import { type Job, jobName } from "./job.ts";
import type { JobSet } from "./job-set.ts";
import type { StreamingListenerBus } from "./streaming-listener-bus.ts";

/** How long an immediate stop waits for the jobs that run, in milliseconds. */
const abandonAfterMs = 2000;

/** How often a job that failed is tried again, and how long it waits before: twice as long every time. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly firstDelayMs: number;
}

/** The longest wait between two tries, in milliseconds. */
const longestDelayMs = 60_000;

/** What a scheduler works with. */
export interface JobSchedulerOptions {
  readonly concurrentJobs: number;
  /** Absent: a job is tried once. */
  readonly retry?: RetryPolicy | undefined;
  /** Runs a job with the local properties of its batch; absent: with none of its own. */
  readonly withProperties?: <R>(job: Job, run: () => R) => R;
  readonly clock: StreamClock;
  readonly timers: Timers;
  readonly bus: StreamingListenerBus;
  readonly log: Logger;
  /** Called when the last job of a batch has ended. */
  readonly onBatchCompleted: (jobSet: JobSet) => void;
  /** Called for every job that failed. */
  readonly onError: (error: Error) => void;
}

interface Submitted {
  readonly job: Job;
  readonly jobSet: JobSet;
}

/**
 * Runs the jobs of batches in the order of batches and, within one, of output operations; as many at once
 * as `spark.streaming.concurrentJobs` says. A job that fails stops no other.
 */
export class JobScheduler {
  readonly #options: JobSchedulerOptions;
  readonly #queue: Submitted[] = [];
  readonly #unfinished = new Set<JobSet>();
  /** Ends waits between tries. */
  readonly #stopping = new AbortController();
  #running = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
  }

  /** Queues the jobs of a batch, of which there must be at least one. */
  submit(jobSet: JobSet): void {
    const { clock, bus } = this.#options;
    this.#unfinished.add(jobSet);
    jobSet.submitted(clock.now());
    if (bus.isHeard) bus.post({ kind: "batchSubmitted", batchInfo: jobSet.batchInfo() });
    for (const job of jobSet.jobs) this.#queue.push({ job, jobSet });
    this.#startJobs();
  }

  /** The times of the batches that are not done, oldest first. */
  get pendingTimes(): readonly number[] {
    return Array.from(this.#unfinished, jobSet => jobSet.timeMs);
  }

  /** Resolves when no batch is queued or running. */
  whenIdle(): Promise<void> {
    if (this.#unfinished.size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Waits for all queued jobs, or drops them and waits only a little for those that run. */
  async stop(graceful: boolean): Promise<void> {
    if (graceful) return this.whenIdle();
    this.#stopping.abort();
    for (const { jobSet } of this.#queue.splice(0)) this.#unfinished.delete(jobSet);
    if (this.#running === 0) return;
    const patience = new AbortController();
    await Promise.race([
      this.whenIdle(),
      this.#options.timers.sleep(abandonAfterMs, patience.signal).catch(() => {}),
    ]);
    patience.abort();
  }

  #startJobs(): void {
    while (this.#running < this.#options.concurrentJobs) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#running += 1;
      void this.#run(next);
    }
  }

  async #run({ job, jobSet }: Submitted): Promise<void> {
    const { clock, bus, timers } = this.#options;
    const isFirst = !jobSet.hasStarted;
    jobSet.jobStarted(job, clock.now());
    if (bus.isHeard) {
      if (isFirst) bus.post({ kind: "batchStarted", batchInfo: jobSet.batchInfo() });
      bus.post({ kind: "outputOperationStarted", outputOperationInfo: jobSet.operationInfo(job) });
    }
    // Never inside the caller: generating a batch comes to its end before its jobs begin.
    await undefined;
    const failure = await this.#attempt(job);
    jobSet.jobEnded(job, clock.now(), failure?.stack);
    if (bus.isHeard) {
      bus.post({ kind: "outputOperationCompleted", outputOperationInfo: jobSet.operationInfo(job) });
      if (jobSet.hasCompleted) bus.post({ kind: "batchCompleted", batchInfo: jobSet.batchInfo() });
    }
    if (failure !== undefined) this.#options.onError(failure);
    if (jobSet.hasCompleted) this.#completed(jobSet);
    // A backlog must not keep timers and sockets waiting.
    if (this.#queue.length > 0) await timers.yieldTurn();
    this.#running -= 1;
    this.#startJobs();
    this.#tellIdle();
  }

  /** Runs a job until it succeeds or was tried often enough; answers with the last error. */
  async #attempt(job: Job): Promise<Error | undefined> {
    const { retry, timers, log, withProperties = (_, run) => run() } = this.#options;
    for (let tries = 1; ; tries++) {
      try {
        await withProperties(job, () => job.run());
        return undefined;
      } catch (error) {
        const failure = jobFailure(job, error);
        if (retry === undefined || tries > retry.maxRetries || this.#stopping.signal.aborted) return failure;
        const delayMs = Math.min(retry.firstDelayMs * 2 ** (tries - 1), longestDelayMs);
        log.warn(`${failure.message}; trying again in ${delayMs} ms`, error);
        await timers.sleep(delayMs, this.#stopping.signal).catch(() => {});
      }
    }
  }

  #completed(jobSet: JobSet): void {
    this.#unfinished.delete(jobSet);
    this.#options.onBatchCompleted(jobSet);
  }

  #tellIdle(): void {
    if (this.#unfinished.size > 0 || this.#running > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}

function jobFailure(job: Job, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return millraceError("MR_STREAMING_JOB_FAILED", `Error running job ${jobName(job)}: ${reason}`, {
    cause: error,
    operator: job.operator,
    site: job.site.text,
  });
}
