import { HashPartitioner, Partitioner } from "../plan/index.ts";
import type { SparkContext } from "../rdd/index.ts";

/** Wherever keys are partitioned: how many partitions, or a partitioner. */
export type PartitionsLike = number | Partitioner;

/**
 * The partitioner meant; by default a `HashPartitioner` of `sparkContext.defaultParallelism` partitions.
 * @throws MR_BAD_ARGUMENT when a number is no integer of at least 0
 */
export function toPartitioner(context: SparkContext, partitions: PartitionsLike | undefined): Partitioner {
  if (partitions instanceof Partitioner) return partitions;
  return new HashPartitioner(partitions ?? context.defaultParallelism);
}
