import { CHUNK_RECORDS, type Chunk, type ChunkSource } from "../chunk.ts";

/** Compares two keys, as for `Array.prototype.sort`. */
export type CompareKeys = (a: unknown, b: unknown) => number;

/** Where the merge is in one run. */
interface Cursor {
  readonly source: ChunkSource;
  /** Earlier runs hold earlier records: equal keys keep their order. */
  readonly run: number;
  chunk: PairsChunk;
  at: number;
}

type PairsChunk = Extract<Chunk, { readonly kind: "pairs" }>;

/** Pairs of several sorted runs as one sorted source; of each run only a piece is in memory. */
export function mergedRuns(runs: readonly ChunkSource[], compare: CompareKeys): ChunkSource {
  let heap: Cursor[] | undefined;

  const isBefore = (a: Cursor, b: Cursor): boolean => {
    const order = compare(a.chunk.keys[a.at], b.chunk.keys[b.at]);
    return order < 0 || (order === 0 && a.run < b.run);
  };
  const sift = (cursors: Cursor[], from: number): void => {
    for (let at = from; ; ) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < cursors.length; child++) {
        if (isBefore(cursors[child] as Cursor, cursors[least] as Cursor)) least = child;
      }
      if (least === at) return;
      [cursors[at], cursors[least]] = [cursors[least] as Cursor, cursors[at] as Cursor];
      at = least;
    }
  };
  const start = (): Cursor[] => {
    const cursors: Cursor[] = [];
    for (const [run, source] of runs.entries()) {
      const chunk = nextPairs(source);
      if (chunk !== undefined) cursors.push({ source, run, chunk, at: chunk.from });
    }
    for (let at = cursors.length >> 1; at >= 0; at--) sift(cursors, at);
    return cursors;
  };

  return {
    next() {
      heap ??= start();
      const keys: unknown[] = [];
      const values: unknown[] = [];
      while (keys.length < CHUNK_RECORDS) {
        const first = heap[0];
        if (first === undefined) break;
        keys.push(first.chunk.keys[first.at]);
        values.push(first.chunk.values[first.at]);
        first.at += 1;
        if (first.at === first.chunk.to) {
          const chunk = nextPairs(first.source);
          if (chunk === undefined) {
            const last = heap.pop() as Cursor;
            if (heap.length > 0 && last !== first) heap[0] = last;
          } else {
            first.chunk = chunk;
            first.at = chunk.from;
          }
        }
        sift(heap, 0);
      }
      return keys.length === 0 ? undefined : { kind: "pairs", keys, values, from: 0, to: keys.length };
    },
    close() {
      for (const run of runs) run.close();
    },
  };
}

/** Runs hold pairs, and are read without waiting. */
function nextPairs(source: ChunkSource): PairsChunk | undefined {
  const chunk = source.next();
  return chunk === undefined || chunk instanceof Promise || chunk.kind !== "pairs" ? undefined : chunk;
}
