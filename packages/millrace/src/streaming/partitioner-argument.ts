import { HashPartitioner, type Partitioner, type Partitioning, wantedPartitioner } from "../plan/index.ts";
import type { SparkContext } from "../rdd/index.ts";

/**
 * The partitioner meant; by default a `HashPartitioner` of `sparkContext.defaultParallelism` partitions.
 * @param others names of the options the operation has beside the partitioning
 * @throws MR_BAD_ARGUMENT when a number is no integer of at least 0, or an option is unknown
 */
export function toPartitioner(
  context: SparkContext,
  partitioning: Partitioning,
  others: readonly string[] = [],
): Partitioner {
  return wantedPartitioner(partitioning, others) ?? new HashPartitioner(context.defaultParallelism);
}
