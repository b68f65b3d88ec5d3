import { AggregationTable } from "./aggregation-table.ts";
import { type Chunk, type ChunkSource, concatSource, EMPTY_CHUNK, pairsSource } from "./chunk.ts";
import { fusedLoop, type LoopState } from "./fuse/program.ts";
import { functionAt, type InputContext } from "./input-context.ts";
import { TableGauge } from "./memory/table-gauge.ts";
import { MAX_SPILL_LEVEL, TableSpill } from "./memory/table-spill.ts";
import { blame } from "./operator-error.ts";
import type { Aggregation } from "./spec.ts";

/** State of a loop that aggregates into a table. */
export interface TableState extends LoopState {
  table: AggregationTable;
  /** Whether values that come in may be changed in place by merging: nobody else reads them. */
  readonly owned: boolean;
}

/**
 * The combined values of a reducer: everything is read before the first pair comes out. Each `next` merges
 * one chunk, so that the event loop gets its turns meanwhile. A table that takes too much memory is spilled in parts,
 * which are merged one after the other in the end.
 *
 * @param level how often the records have been spilled already
 */
export function aggregatedSource(
  records: ChunkSource,
  aggregation: Aggregation,
  owned: boolean,
  context: InputContext,
  level = 0,
): ChunkSource {
  const { functions, environment } = context;
  const state: TableState = { at: -1, table: new AggregationTable(environment.hashSeed), owned };
  const merging = aggregation.isCombined ? aggregation.mergeCombiners : aggregation.mergeValue;
  const create = aggregation.create === undefined ? undefined : functionAt(functions, aggregation.create);
  const loop = aggregation.isCombined
    ? fusedLoop<TableState>([], "merge", functionAt(functions, merging))
    : fusedLoop<TableState>([], "combine", functionAt(functions, merging), create);
  const gauge = new TableGauge(environment.memory);
  let spill: TableSpill | undefined;
  let pairs: ChunkSource | undefined;

  const spillTable = () => {
    spill ??= new TableSpill(environment.memory, level);
    spill.write(state.table);
    state.table = new AggregationTable(environment.hashSeed);
    gauge.reset();
  };
  const combined = (): ChunkSource => {
    if (spill === undefined) return pairsSource(state.table.keys, state.table.values);
    spillTable();
    const merge = { ...aggregation, isCombined: true };
    return concatSource(
      spill.sources().map(open => () => aggregatedSource(open(), merge, true, context, level + 1)),
    );
  };
  const take = (chunk: Chunk): Chunk => {
    try {
      loop(chunk, state);
      if (level < MAX_SPILL_LEVEL && gauge.isTooMuch(state.table, chunk)) spillTable();
    } catch (error) {
      throw blame(functions[merging], error);
    }
    return EMPTY_CHUNK;
  };
  const advance = (chunk: Chunk | undefined) => {
    if (chunk !== undefined) return take(chunk);
    pairs = combined();
    return pairs.next();
  };

  return {
    next() {
      if (pairs !== undefined) return pairs.next();
      const chunk = records.next();
      return chunk instanceof Promise ? chunk.then(advance) : advance(chunk);
    },
    close() {
      pairs?.close();
      records.close();
      spill?.remove();
    },
  };
}
