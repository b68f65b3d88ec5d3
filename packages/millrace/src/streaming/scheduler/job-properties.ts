import type { JobProperties } from "../../rdd/index.ts";
import type { Job } from "./job.ts";

/** The local properties that jobs of batches take over from the call of `start`: all, but they are of no job group. */
export function inheritedProperties(started: JobProperties): JobProperties {
  const { "spark.jobGroup.id": _, ...others } = started;
  return others;
}

/** The local properties of a job of a batch: those it takes over, a description and the batch it belongs to. */
export function jobProperties(inherited: JobProperties, { timeMs, outputOpId }: Job): JobProperties {
  const batch = String(timeMs);
  const output = String(outputOpId);
  return {
    ...inherited,
    "spark.job.description": `Streaming job from [output operation ${output}, batch time ${batch} ms]`,
    "spark.job.interruptOnCancel": "false",
    "spark.streaming.internal.batchTime": batch,
    "spark.streaming.internal.outputOpId": output,
  };
}
