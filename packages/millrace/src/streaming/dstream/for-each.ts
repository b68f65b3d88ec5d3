import type { CallSite } from "../../common/call-site.ts";
import { Time } from "../../common/time/index.ts";
import type { RDD } from "../../rdd/index.ts";
import type { Job } from "../scheduler/job.ts";
import type { CommitParticipant } from "../sink/sink.ts";
import type { StreamNode } from "./stream-node.ts";

/** What is done with a stream's RDD in every batch: one job. */
export interface OutputOperation {
  /** The operation as the user wrote it, such as `print`. */
  readonly operator: string;
  readonly site: CallSite;
  readonly parent: StreamNode<unknown>;
  /** The job of the batch at `timeMs`; `undefined` when the stream has no RDD then. */
  generateJob(timeMs: number, outputOpId: number): Job | undefined;
  /** What checkpoints know it by; default its operator and position. */
  readonly uid?: string;
  /** Takes part in the commit of batches; absent for outputs whose effects are the user's own. */
  readonly participant?: CommitParticipant;
}

/** Runs `f` on the driver for every RDD of `parent`; the batch waits for the promise `f` may answer with. */
export function forEachRDD<T>(
  operator: string,
  site: CallSite,
  parent: StreamNode<T>,
  f: (rdd: RDD<T>, time: Time) => unknown,
): OutputOperation {
  return {
    operator,
    site,
    parent,
    generateJob: (timeMs, outputOpId) => {
      const rdd = parent.getOrCompute(timeMs);
      if (rdd === undefined) return undefined;
      return {
        timeMs,
        outputOpId,
        operator,
        site,
        run: () => f(rdd, new Time(timeMs)),
      };
    },
  };
}
