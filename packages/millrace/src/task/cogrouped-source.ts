import type { TableState } from "./aggregated-source.ts";
import { AggregationTable } from "./aggregation-table.ts";
import { CHUNK_RECORDS, type Chunk, type ChunkSource, concatSource, EMPTY_CHUNK } from "./chunk.ts";
import { surviveAsBytes } from "./codec/instances.ts";
import type { TaskEnvironment } from "./environment.ts";
import { fusedLoop, type Loop, type LoopState } from "./fuse/program.ts";
import { GroupedRows } from "./grouped-rows.ts";
import { CogroupSpill } from "./memory/cogroup-spill.ts";
import { chunkBytes } from "./memory/table-gauge.ts";
import { MAX_SPILL_LEVEL } from "./memory/table-spill.ts";
import { blame } from "./operator-error.ts";
import type { Operation } from "./spec.ts";

/** What a pair takes beside itself: its place in its group's chain, and the entry of its key. */
const ROW_BYTES = 64;

/**
 * Groups the pairs of co-partitioned inputs: `[key, [values of the first, values of the second, …]]`, keys in the
 * order they are met. All inputs are read before the first group comes out. Each `next` takes one chunk, so that
 * the event loop gets its turns meanwhile. Pairs that take too much memory are spilled in parts, which are grouped one
 * after the other in the end.
 *
 * @param level how often the pairs have been spilled already
 */
export function cogroupedSource(
  inputs: readonly ChunkSource[],
  environment: TaskEnvironment,
  operation: Operation,
  level = 0,
): ChunkSource {
  const { memory, hashSeed } = environment;
  const state: TableState = { at: -1, table: new AggregationTable(hashSeed), owned: true };
  let rows: GroupedRows[] = inputs.map(() => new GroupedRows());
  let loops: Loop<TableState>[] = rows.map(input => groupingLoop(input, state));
  let bytes = 0;
  let survives = true;
  let spill: CogroupSpill | undefined;
  let current = 0;
  let groups: ChunkSource | undefined;

  const isTooMuch = (chunk: Chunk): boolean => {
    if (spill !== undefined || level >= MAX_SPILL_LEVEL || chunk.kind === "lines") return false;
    bytes += chunkBytes(chunk) + (chunk.to - chunk.from) * ROW_BYTES;
    if (chunk.kind !== "range" && chunk.kind !== "texts" && chunk.to > chunk.from)
      survives &&= surviveAsBytes([chunk.values[chunk.to - 1]]);
    return survives && memory.isTooMuch(bytes);
  };
  const spillAll = () => {
    const spilled = new CogroupSpill(memory, inputs.length, level);
    spill = spilled;
    for (const [group, key] of state.table.keys.entries()) {
      for (const [input, all] of rows.entries()) {
        for (const value of all.valuesOf(group)) spilled.add(input, key, value);
      }
    }
    rows = [];
    state.table = new AggregationTable(hashSeed);
    loops = inputs.map((_, input) => acceptingLoop((key, value) => spilled.add(input, key, value)));
  };
  const take = (chunk: Chunk | undefined) => {
    if (chunk !== undefined) {
      try {
        (loops[current] as Loop<TableState>)(chunk, state);
        if (isTooMuch(chunk)) spillAll();
      } catch (error) {
        throw blame(operation, error);
      }
      return EMPTY_CHUNK;
    }
    current += 1;
    if (current < inputs.length) return EMPTY_CHUNK;
    groups = spill === undefined ? groupsSource(state.table.keys, rows) : groupedParts(spill);
    return groups.next();
  };
  const groupedParts = (spilled: CogroupSpill): ChunkSource =>
    concatSource(
      spilled.finish().map(open => () => cogroupedSource(open(), environment, operation, level + 1)),
    );

  return {
    next() {
      if (groups !== undefined) return groups.next();
      const chunk = (inputs[current] as ChunkSource).next();
      return chunk instanceof Promise ? chunk.then(take) : take(chunk);
    },
    close() {
      groups?.close();
      for (const input of inputs) input.close();
      spill?.remove();
    },
  };
}

/** Gives the pairs of a chunk to a function. */
function acceptingLoop(accept: (key: unknown, value: unknown) => void): Loop<TableState> {
  const loop = fusedLoop<LoopState & { readonly accept: typeof accept }>([], "accept");
  return chunk => loop(chunk, { at: -1, accept });
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
