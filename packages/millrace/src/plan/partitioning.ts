import { millraceError } from "../common/errors/index.ts";
import { HashPartitioner, Partitioner } from "./partitioner.ts";

/** Where keys go, as options. A `partitioner` wins over `numPartitions`. */
export interface PartitioningOptions {
  /** By hash into so many partitions. */
  readonly numPartitions?: number;
  readonly partitioner?: Partitioner;
}

/** How an operation says where its keys go: a number of partitions, a partitioner, options, or nothing. */
export type Partitioning = number | Partitioner | PartitioningOptions | undefined;

/** What every option of an operation is called; anything else is a mistake. */
const partitioningOptions: readonly string[] = ["numPartitions", "partitioner"];

/**
 * The partitioner that was asked for, `undefined` when none was.
 *
 * @param others names of the options the operation has beside these
 * @throws MR_BAD_ARGUMENT for a number that is no integer of at least 0, and for options nobody knows
 */
export function wantedPartitioner(
  wanted: Partitioning,
  others: readonly string[] = [],
): Partitioner | undefined {
  if (wanted === undefined || wanted instanceof Partitioner) return wanted;
  if (typeof wanted !== "object" || wanted === null) return new HashPartitioner(wanted);
  const unknown = Object.keys(wanted).find(
    key => !partitioningOptions.includes(key) && !others.includes(key),
  );
  if (unknown !== undefined) {
    throw millraceError("MR_BAD_ARGUMENT", `there is no option ${JSON.stringify(unknown)}`, {
      hint: `Options are ${[...partitioningOptions, ...others].join(", ")}.`,
    });
  }
  const { partitioner, numPartitions } = wanted;
  return partitioner ?? (numPartitions === undefined ? undefined : new HashPartitioner(numPartitions));
}
