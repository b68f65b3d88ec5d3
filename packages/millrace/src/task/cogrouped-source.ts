import type { TableState } from "./aggregated-source.ts";
import { AggregationTable } from "./aggregation-table.ts";
import { CHUNK_RECORDS, type Chunk, type ChunkSource, EMPTY_CHUNK } from "./chunk.ts";
import { fusedLoop, type Loop } from "./fuse/program.ts";
import { GroupedRows } from "./grouped-rows.ts";
import { blame } from "./operator-error.ts";
import type { Operation } from "./spec.ts";

/**
 * Groups the pairs of co-partitioned inputs: `[key, [values of the first, values of the second, …]]`, keys in the
 * order they are met. All inputs are read before the first group comes out. Each `next` takes one chunk, so that
 * the event loop gets its turns meanwhile.
 */
export function cogroupedSource(
  inputs: readonly ChunkSource[],
  hashSeed: number,
  operation: Operation,
): ChunkSource {
  const state: TableState = { at: -1, table: new AggregationTable(hashSeed), owned: true };
  const rows = inputs.map(() => new GroupedRows());
  const loops = rows.map(input => groupingLoop(input, state));
  let current = 0;
  let groups: ChunkSource | undefined;

  const take = (chunk: Chunk | undefined) => {
    if (chunk !== undefined) {
      try {
        (loops[current] as Loop<TableState>)(chunk, state);
      } catch (error) {
        throw blame(operation, error);
      }
      return EMPTY_CHUNK;
    }
    current += 1;
    if (current < inputs.length) return EMPTY_CHUNK;
    groups = groupsSource(state.table.keys, rows);
    return groups.next();
  };

  return {
    next() {
      if (groups !== undefined) return groups.next();
      const chunk = (inputs[current] as ChunkSource).next();
      return chunk instanceof Promise ? chunk.then(take) : take(chunk);
    },
    close() {
      for (const input of inputs) input.close();
    },
  };
}

/** The groups from the first to the last, some thousands at a time: their arrays live no longer than that. */
function groupsSource(keys: readonly unknown[], inputs: readonly GroupedRows[]): ChunkSource {
  let at = 0;
  return {
    next() {
      if (at >= keys.length) return undefined;
      const from = at;
      at = Math.min(keys.length, from + CHUNK_RECORDS);
      const groups: unknown[][][] = [];
      for (let group = from; group < at; group++) groups.push(inputs.map(rows => rows.valuesOf(group)));
      return { kind: "pairs", keys: keys.slice(from, at), values: groups, from: 0, to: groups.length };
    },
    close() {},
  };
}

/** Puts the values of one input into the groups of their keys; the table's value of a key is the number of its group. */
function groupingLoop(rows: GroupedRows, state: TableState): Loop<TableState> {
  const append = (group: number, value: unknown) => {
    rows.add(group, value);
    return group;
  };
  const create = (value: unknown): number => append(state.table.size, value);
  return fusedLoop<TableState>([], "combine", append as never, create as never);
}
