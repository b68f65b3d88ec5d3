import type { CallSite } from "../../common/call-site.ts";

/** One output operation of one batch, ready to run. */
export interface Job {
  readonly timeMs: number;
  /** Position among the jobs of its batch. */
  readonly outputOpId: number;
  /** The operation as the user wrote it, such as `print`. */
  readonly operator: string;
  /** Where the user wrote it. */
  readonly site: CallSite;
  /** The job has ended when the promise has that it may answer with. */
  run(): unknown;
}

/** The name of a job in logs and errors: `streaming job 1000 ms.0`. */
export function jobName(job: Job): string {
  return `streaming job ${job.timeMs} ms.${job.outputOpId}`;
}
