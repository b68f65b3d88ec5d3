import { AggregationTable } from "./aggregation-table.ts";
import { type ChunkSource, EMPTY_CHUNK, pairsSource } from "./chunk.ts";
import { fusedLoop, type LoopState } from "./fuse/program.ts";
import { functionAt, type InputContext } from "./input-context.ts";
import { blame } from "./operator-error.ts";
import type { Aggregation } from "./spec.ts";

/** State of a loop that aggregates into a table. */
export interface TableState extends LoopState {
  readonly table: AggregationTable;
  /** Whether values that come in may be changed in place by merging: nobody else reads them. */
  readonly owned: boolean;
}

/**
 * The combined values of a reducer: everything is read before the first pair comes out. Each `next` merges
 * one chunk, so that the event loop gets its turns meanwhile.
 */
export function aggregatedSource(
  records: ChunkSource,
  aggregation: Aggregation,
  owned: boolean,
  context: InputContext,
): ChunkSource {
  const { functions } = context;
  const state: TableState = {
    at: -1,
    table: new AggregationTable(context.environment.hashSeed),
    owned,
  };
  const merging = aggregation.isCombined ? aggregation.mergeCombiners : aggregation.mergeValue;
  const create = aggregation.create === undefined ? undefined : functionAt(functions, aggregation.create);
  const loop = aggregation.isCombined
    ? fusedLoop<TableState>([], "merge", functionAt(functions, merging))
    : fusedLoop<TableState>([], "combine", functionAt(functions, merging), create);
  let pairs: ChunkSource | undefined;
  return {
    next() {
      if (pairs !== undefined) return pairs.next();
      const chunk = records.next();
      if (chunk instanceof Promise) return chunk;
      if (chunk === undefined) {
        pairs = pairsSource(state.table.keys, state.table.values);
        return pairs.next();
      }
      try {
        loop(chunk, state);
      } catch (error) {
        throw blame(functions[merging], error);
      }
      return EMPTY_CHUNK;
    },
    close: () => records.close(),
  };
}
