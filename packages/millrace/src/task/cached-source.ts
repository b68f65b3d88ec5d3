import { type Chunk, type ChunkSource, EMPTY_CHUNK } from "./chunk.ts";
import type { InputContext } from "./input-context.ts";
import { unrolledSource } from "./partition-cache.ts";
import type { TaskInput } from "./spec.ts";
import { Unrolling } from "./unrolling.ts";

/**
 * A persisted partition: from the cache of this place, or computed whole, kept, and then read. It is
 * computed whole even when only its first records are wanted, because the next reader relies on it; when there is no
 * room for it, its records are passed on as they come.
 */
export function cachedSource(
  input: TaskInput & { readonly op: "cached" },
  openInput: (input: TaskInput) => ChunkSource,
  context: InputContext,
): ChunkSource {
  const { cache, memory } = context.environment;
  const { node, partition, as } = input;
  const kept = cache.open(node, partition);
  if (kept !== undefined) return kept;
  if (input.input === undefined) throw new CacheMiss(node, partition);
  const upstream = openInput(input.input);
  let unrolling: Unrolling | undefined = new Unrolling(memory, `rdd-${node}-${partition}`, as);
  let ready: ChunkSource | undefined;
  let hasEnded = false;

  const take = (chunk: Chunk | undefined): ReturnType<ChunkSource["next"]> => {
    if (unrolling === undefined) return chunk;
    if (chunk !== undefined) {
      if (unrolling.add(chunk)) return EMPTY_CHUNK;
      ready = unrolling.takenBack();
      unrolling = undefined;
      return EMPTY_CHUNK;
    }
    hasEnded = true;
    const unrolled = unrolling.finish();
    unrolling = undefined;
    ready = unrolledSource(unrolled);
    cache.put(node, partition, unrolled, as);
    return ready.next();
  };

  return {
    next() {
      const chunk = ready?.next();
      if (chunk !== undefined || hasEnded) return chunk;
      const more = upstream.next();
      return more instanceof Promise ? more.then(take) : take(more);
    },
    close() {
      unrolling?.discard();
      upstream.close();
    },
  };
}

/** A partition the scheduler believed to be kept here is not: it must be computed again. */
export class CacheMiss extends Error {
  readonly node: number;
  readonly partition: number;

  constructor(node: number, partition: number) {
    super(`partition ${partition} of node ${node} is not kept here`);
    this.node = node;
    this.partition = partition;
  }
}
