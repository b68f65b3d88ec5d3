import { type Chunk, type ChunkSource, EMPTY_CHUNK, pairsSource } from "./chunk.ts";
import { fusedLoop, type LoopState } from "./fuse/program.ts";
import { functionAt, type InputContext } from "./input-context.ts";
import { blame } from "./operator-error.ts";
import { sortedPositions } from "./sort-pairs.ts";
import type { TaskOrdering } from "./spec.ts";

interface Columns extends LoopState {
  readonly keys: unknown[];
  readonly values: unknown[];
}

/**
 * Pairs in order of their keys; everything is read before the first comes out. Each `next` works for some
 * milliseconds, so that the event loop gets its turns meanwhile.
 */
export function sortedSource(
  records: ChunkSource,
  ordering: TaskOrdering,
  context: InputContext,
): ChunkSource {
  const state: Columns = { at: -1, keys: [], values: [] };
  const gather = fusedLoop<Columns>([], "columns");
  const compare =
    ordering.compare === undefined ? undefined : functionAt(context.functions, ordering.compare);
  let sorting: Generator<void, Uint32Array, void> | undefined;
  let pairs: ChunkSource | undefined;

  const take = (chunk: Chunk): Chunk => {
    gather(chunk, state);
    return EMPTY_CHUNK;
  };
  const sort = () => {
    sorting ??= sortedPositions(state.keys, ordering.descending, compare as never);
    const step = sorting.next();
    if (step.done !== true) return EMPTY_CHUNK;
    pairs = pairsSource(permuted(state.keys, step.value), permuted(state.values, step.value));
    return pairs.next();
  };
  const advance = (chunk: Chunk | undefined) => {
    try {
      return chunk === undefined ? sort() : take(chunk);
    } catch (error) {
      throw blame(ordering.operation, error);
    }
  };

  return {
    next() {
      if (pairs !== undefined) return pairs.next();
      if (sorting !== undefined) return advance(undefined);
      const chunk = records.next();
      return chunk instanceof Promise ? chunk.then(advance) : advance(chunk);
    },
    close: () => records.close(),
  };
}

function permuted(column: readonly unknown[], positions: Uint32Array): unknown[] {
  const result: unknown[] = [];
  for (let i = 0; i < positions.length; i++) result.push(column[positions[i] as number]);
  return result;
}
