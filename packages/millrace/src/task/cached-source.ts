import { type Chunk, type ChunkSource, EMPTY_CHUNK, valuesSource } from "./chunk.ts";
import type { InputContext } from "./input-context.ts";
import { appendRecords } from "./iterate.ts";
import type { TaskInput } from "./spec.ts";

/**
 * A persisted partition: from the cache of this place, or computed whole, kept, and then read. It is
 * computed whole even when only its first records are wanted, because the next reader relies on it.
 */
export function cachedSource(
  input: TaskInput & { readonly op: "cached" },
  openInput: (input: TaskInput) => ChunkSource,
  context: InputContext,
): ChunkSource {
  const { cache } = context.environment;
  const kept = cache.open(input.node, input.partition);
  if (kept !== undefined) return kept;
  if (input.input === undefined) throw new CacheMiss(input.node, input.partition);
  const upstream = openInput(input.input);
  const records: unknown[] = [];
  let stored: ChunkSource | undefined;
  const take = (chunk: Chunk | undefined): Chunk | undefined | Promise<Chunk | undefined> => {
    if (chunk !== undefined) {
      appendRecords(chunk, records);
      return EMPTY_CHUNK;
    }
    cache.put(input.node, input.partition, records, input.as);
    stored = valuesSource(records);
    return stored.next();
  };
  return {
    next() {
      if (stored !== undefined) return stored.next();
      const chunk = upstream.next();
      return chunk instanceof Promise ? chunk.then(take) : take(chunk);
    },
    close: () => upstream.close(),
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
