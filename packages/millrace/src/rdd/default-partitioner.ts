import {
  HashPartitioner,
  type Partitioner,
  type Partitioning,
  type PlanNode,
  wantedPartitioner,
} from "../plan/index.ts";
import type { SparkContext } from "./spark-context.ts";

/** The partitioner an operation asked for, or the default one of its inputs. */
export function partitionerFor(
  context: SparkContext,
  inputs: readonly PlanNode[],
  wanted: Partitioning,
): Partitioner {
  return (
    wantedPartitioner(wanted) ??
    defaultPartitioner(inputs, context.conf.getOption("spark.default.parallelism"))
  );
}

/**
 * Spark's rule: an input's own partitioner, when it is not far too coarse for the largest input; else by
 * hash into `spark.default.parallelism` partitions, or as many as the largest input has.
 */
export function defaultPartitioner(
  inputs: readonly PlanNode[],
  parallelism: string | number | undefined,
): Partitioner {
  const largest = Math.max(0, ...inputs.map(input => input.numPartitions));
  const count = parallelism === undefined ? largest : Number(parallelism);
  let best: Partitioner | undefined;
  for (const { partitioner } of inputs) {
    if (partitioner === undefined || partitioner.numPartitions === 0) continue;
    if (best === undefined || partitioner.numPartitions > best.numPartitions) best = partitioner;
  }
  if (best !== undefined) {
    const isCloseEnough = Math.log10(largest) - Math.log10(best.numPartitions) < 1;
    if (isCloseEnough || count <= best.numPartitions) return best;
  }
  return new HashPartitioner(count);
}
