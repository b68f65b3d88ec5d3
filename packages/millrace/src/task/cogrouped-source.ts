import type { TableState } from "./aggregated-source.ts";
import { AggregationTable } from "./aggregation-table.ts";
import { type Chunk, type ChunkSource, EMPTY_CHUNK, pairsSource } from "./chunk.ts";
import { fusedLoop, type Loop } from "./fuse/program.ts";
import { blame } from "./operator-error.ts";
import type { Operation } from "./spec.ts";

type Group = unknown[][];

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
  const loops = inputs.map((_, input) => groupingLoop(inputs.length, input));
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
    groups = pairsSource(state.table.keys, state.table.values);
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

/** Puts the values of one input into the groups of their keys. */
function groupingLoop(count: number, input: number): Loop<TableState> {
  const append = (group: Group, value: unknown) => {
    (group[input] as unknown[]).push(value);
    return group;
  };
  const create = (value: unknown): Group => {
    const group: Group = [];
    for (let i = 0; i < count; i++) group.push(i === input ? [value] : []);
    return group;
  };
  return fusedLoop<TableState>([], "combine", append as never, create as never);
}
