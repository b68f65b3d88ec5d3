import { compareKeys } from "../../common/keys/index.ts";
import { CHUNK_RECORDS, type Chunk, type ChunkSource, EMPTY_CHUNK } from "../chunk.ts";
import { fusedLoop, type LoopState } from "../fuse/program.ts";
import { functionAt, type InputContext } from "../input-context.ts";
import { type CompareKeys, mergedRuns } from "../memory/merged-runs.ts";
import { RecordGauge } from "../memory/record-gauge.ts";
import { type SpilledPiece, SpillFile } from "../memory/spill-file.ts";
import { blame } from "../operator-error.ts";
import type { TaskOrdering } from "../spec.ts";
import { sortedPositions } from "./sorted-positions.ts";

interface Columns extends LoopState {
  keys: unknown[];
  values: unknown[];
}

/** What sorting takes beside a pair: its key's digits, its position, and its slots in a second pair of columns. */
const SORTING_BYTES = 48;

/**
 * Pairs in order of their keys; everything is read before the first comes out. Each `next` works for some
 * milliseconds, so that the event loop gets its turns meanwhile. What does not fit into memory is spilled in sorted
 * runs, which are merged in the end.
 */
export function sortedSource(
  records: ChunkSource,
  ordering: TaskOrdering,
  context: InputContext,
): ChunkSource {
  const { memory } = context.environment;
  const state: Columns = { at: -1, keys: [], values: [] };
  const gather = fusedLoop<Columns>([], "columns");
  const compare =
    ordering.compare === undefined
      ? undefined
      : (functionAt(context.functions, ordering.compare) as unknown as CompareKeys);
  const gauge = new RecordGauge();
  const runs: SpilledPiece[][] = [];
  let file: SpillFile | undefined;
  let sorting: Generator<void, Uint32Array, void> | undefined;
  let hasEnded = false;
  let pairs: ChunkSource | undefined;

  const take = (chunk: Chunk): Chunk => {
    gather(chunk, state);
    gauge.note(state.keys.length);
    if (chunk.to > chunk.from) gauge.sample(state.keys.at(-1), state.values.at(-1));
    if (gauge.survives && memory.isTooMuch(gauge.bytes + gauge.records * SORTING_BYTES)) startSorting();
    return EMPTY_CHUNK;
  };
  const startSorting = () => {
    sorting = sortedPositions(state.keys, ordering.descending, compare as never);
  };
  const sortOn = (from: Generator<void, Uint32Array, void>): ReturnType<ChunkSource["next"]> => {
    const step = from.next();
    if (step.done !== true) return EMPTY_CHUNK;
    sorting = undefined;
    const { keys, values } = state;
    state.keys = [];
    state.values = [];
    if (hasEnded && file === undefined) {
      pairs = permutedSource(keys, values, step.value);
      return pairs.next();
    }
    const columns = [permuted(keys, step.value), permuted(values, step.value)] as const;
    file ??= new SpillFile(memory, "sort");
    runs.push(file.write(columns));
    gauge.note(0);
    if (hasEnded) pairs = merged(file);
    return EMPTY_CHUNK;
  };
  const merged = (from: SpillFile): ChunkSource => {
    const order = compare ?? compareKeys;
    return mergedRuns(
      runs.map(pieces => from.read(pieces)),
      ordering.descending ? (a, b) => order(b, a) : order,
    );
  };
  const advance = (chunk: Chunk | undefined): Chunk | undefined => {
    try {
      if (chunk !== undefined) return take(chunk);
      hasEnded = true;
      startSorting();
      return EMPTY_CHUNK;
    } catch (error) {
      throw blame(ordering.operation, error);
    }
  };

  return {
    next() {
      try {
        if (pairs !== undefined) return pairs.next();
        if (sorting !== undefined) return sortOn(sorting);
      } catch (error) {
        throw blame(ordering.operation, error);
      }
      const chunk = records.next();
      return chunk instanceof Promise ? chunk.then(advance) : advance(chunk);
    },
    close() {
      records.close();
      file?.remove();
    },
  };
}

function permuted(column: readonly unknown[], positions: Uint32Array): unknown[] {
  const result: unknown[] = [];
  for (let i = 0; i < positions.length; i++) result.push(column[positions[i] as number]);
  return result;
}

/** The pairs in the order of `positions`, brought there chunk by chunk. */
function permutedSource(
  keys: readonly unknown[],
  values: readonly unknown[],
  positions: Uint32Array,
): ChunkSource {
  let at = 0;
  return {
    next() {
      if (at >= positions.length) return undefined;
      const chunk = positions.subarray(at, at + CHUNK_RECORDS);
      at += chunk.length;
      const chunkKeys = permuted(keys, chunk);
      return { kind: "pairs", keys: chunkKeys, values: permuted(values, chunk), from: 0, to: chunk.length };
    },
    close() {},
  };
}
