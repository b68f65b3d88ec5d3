import type { JobProperties } from "../../rdd/index.ts";
import type { Job } from "./job.ts";

/**
 * The local properties of a job of a batch: those of the call of `start`, but of no job group, with a description
 * and the batch they belong to.
 */
export function jobProperties(started: JobProperties, { timeMs, outputOpId }: Job): JobProperties {
  const { "spark.jobGroup.id": _, ...others } = started;
  return {
    ...others,
    "spark.job.description": `Streaming job from [output operation ${outputOpId}, batch time ${timeMs} ms]`,
    "spark.job.interruptOnCancel": "false",
    "spark.streaming.internal.batchTime": String(timeMs),
    "spark.streaming.internal.outputOpId": String(outputOpId),
  };
}
