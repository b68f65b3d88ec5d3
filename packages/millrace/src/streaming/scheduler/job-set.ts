import { millraceError } from "../../common/errors/index.ts";
import { Time } from "../../common/time/index.ts";
import type { BatchInfo, OutputOperationInfo, StreamInputInfo } from "./batch-info.ts";
import type { Job } from "./job.ts";

interface Progress {
  startMs: number | undefined;
  endMs: number | undefined;
  failure: string | undefined;
}

/** The jobs of one batch and how far they are. */
export class JobSet {
  readonly timeMs: number;
  readonly jobs: readonly Job[];
  readonly inputInfos: ReadonlyMap<number, StreamInputInfo>;
  readonly #progress: Progress[];
  #submissionMs = 0;
  #processingStartMs: number | undefined;
  #processingEndMs: number | undefined;
  #unfinished: number;
  #failed = false;

  constructor(timeMs: number, jobs: readonly Job[], inputInfos: ReadonlyMap<number, StreamInputInfo>) {
    this.timeMs = timeMs;
    this.jobs = jobs;
    this.inputInfos = inputInfos;
    this.#progress = jobs.map(() => ({ startMs: undefined, endMs: undefined, failure: undefined }));
    this.#unfinished = jobs.length;
  }

  get hasStarted(): boolean {
    return this.#processingStartMs !== undefined;
  }

  get hasCompleted(): boolean {
    return this.#unfinished === 0;
  }

  /** Whether any job failed: such a batch is not done. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Milliseconds from the start of its first job to the end of its last; `undefined` before that. */
  get processingDelay(): number | undefined {
    const start = this.#processingStartMs;
    const end = this.#processingEndMs;
    return start === undefined || end === undefined ? undefined : end - start;
  }

  submitted(nowMs: number): void {
    this.#submissionMs = nowMs;
  }

  jobStarted(job: Job, nowMs: number): void {
    this.#processingStartMs ??= nowMs;
    this.#progressOf(job).startMs = nowMs;
  }

  jobEnded(job: Job, nowMs: number, failure?: string): void {
    const progress = this.#progressOf(job);
    progress.endMs = nowMs;
    progress.failure = failure;
    if (failure !== undefined) this.#failed = true;
    this.#unfinished -= 1;
    if (this.#unfinished === 0) this.#processingEndMs = nowMs;
  }

  operationInfo(job: Job): OutputOperationInfo {
    const { startMs, endMs, failure } = this.#progressOf(job);
    const { site } = job;
    return {
      batchTime: new Time(this.timeMs),
      id: job.outputOpId,
      name: `${job.operator} at ${site.text}`,
      description: `${job.operator} at ${site.file}:${site.line}`,
      startTime: startMs,
      endTime: endMs,
      failureReason: failure,
      duration: startMs === undefined || endMs === undefined ? undefined : endMs - startMs,
    };
  }

  batchInfo(): BatchInfo {
    const start = this.#processingStartMs;
    const { processingDelay } = this;
    const schedulingDelay = start === undefined ? undefined : start - this.#submissionMs;
    let numRecords = 0;
    for (const info of this.inputInfos.values()) numRecords += info.numRecords;
    return {
      batchTime: new Time(this.timeMs),
      streamIdToInputInfo: this.inputInfos,
      submissionTime: this.#submissionMs,
      processingStartTime: start,
      processingEndTime: this.#processingEndMs,
      outputOperationInfos: new Map(this.jobs.map(job => [job.outputOpId, this.operationInfo(job)])),
      schedulingDelay,
      processingDelay,
      totalDelay:
        schedulingDelay === undefined || processingDelay === undefined
          ? undefined
          : schedulingDelay + processingDelay,
      numRecords,
    };
  }

  #progressOf(job: Job): Progress {
    const progress = this.#progress[job.outputOpId];
    if (progress === undefined)
      throw millraceError("MR_INTERNAL", `Job ${job.outputOpId} is not of batch ${this.timeMs} ms`);
    return progress;
  }
}
