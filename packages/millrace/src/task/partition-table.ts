import { HashPartitioner, type Partitioner } from "../plan/index.ts";
import type { AggregationTable } from "./aggregation-table.ts";
import { partitionOf } from "./fuse/loop-helpers.ts";
import { type Bucket, emptyBuckets } from "./memory/map-output.ts";
import { blame } from "./operator-error.ts";
import type { Operation } from "./spec.ts";
import type { TurnKeeper } from "./turn-keeper.ts";

/** Entries looked at between two looks at the clock. */
const SLICE_ENTRIES = 8192;

/** Splits what was combined among the reducers. */
export async function partitionTable(
  table: AggregationTable,
  partitioner: Partitioner,
  operation: Operation,
  turns: TurnKeeper,
): Promise<Bucket[]> {
  const { keys, values } = table;
  const count = partitioner.numPartitions;
  if (count === 1 && partitioner.constructor === HashPartitioner) return [{ kind: "columns", keys, values }];
  const blocks = emptyBuckets(count);
  for (let from = 0; from < keys.length; from += SLICE_ENTRIES) {
    const to = Math.min(keys.length, from + SLICE_ENTRIES);
    try {
      for (let i = from; i < to; i++) {
        const block = blocks[partitionOf(partitioner, keys[i], count)] as Bucket;
        block.keys.push(keys[i]);
        block.values.push(values[i]);
      }
    } catch (error) {
      throw blame(operation, error);
    }
    if (turns.isDue()) await turns.take();
  }
  return blocks;
}
