/**
 * Records come in chunks: enough at a time that the fused loop runs undisturbed, few enough that the event
 * loop gets a turn in between.
 */
export type Chunk = ValuesChunk | PairsChunk | RangeChunk | LinesChunk | TextsChunk;

/** `values[from] … values[to - 1]`. */
export interface ValuesChunk {
  readonly kind: "values";
  readonly values: readonly unknown[];
  readonly from: number;
  readonly to: number;
}

/** Pairs as two columns; record i is `[keys[i], values[i]]`. */
export interface PairsChunk {
  readonly kind: "pairs";
  readonly keys: readonly unknown[];
  readonly values: readonly unknown[];
  readonly from: number;
  readonly to: number;
}

/** Numbers that are computed in the loop: record i is `start + i * step`. */
export interface RangeChunk {
  readonly kind: "range";
  readonly start: number;
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

/**
 * `bytes[from] … bytes[to - 1]` are whole lines of UTF-8, each ended by "\n" (the last one's may be missing),
 * with no "\r" among them. Decoded line by line in the loop: strings cut from the text of a whole chunk
 * would be slower to work on and keep it alive. The bytes are valid until the next chunk is asked for.
 */
export interface LinesChunk {
  readonly kind: "lines";
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly isAscii: boolean;
}

/**
 * Strings of one-byte characters that are still bytes: record i has `lengths[i]` of them, and record `from` begins at
 * `bytes[start]`. Decoded one by one in the loop, as lines are.
 */
export interface TextsChunk {
  readonly kind: "texts";
  readonly bytes: Buffer;
  readonly lengths: Uint32Array;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

export type ChunkKind = Chunk["kind"];

/** Delivers the chunks of one partition, once. */
export interface ChunkSource {
  /** The next chunk, `undefined` at the end. */
  next(): Chunk | undefined | Promise<Chunk | undefined>;
  /** Releases files; called once, also after an error. */
  close(): void;
}

/** What a source answers that has moved on but has no records yet: the event loop gets a turn. */
export const EMPTY_CHUNK: ValuesChunk = { kind: "values", values: [], from: 0, to: 0 };

/** Records handed to the loop at a time, when they are in memory already. */
export const CHUNK_RECORDS = 4096;

/** A source over values in memory. */
export function valuesSource(values: readonly unknown[]): ChunkSource {
  let at = 0;
  return {
    next() {
      if (at >= values.length) return undefined;
      const from = at;
      at = Math.min(values.length, from + CHUNK_RECORDS);
      return { kind: "values", values, from, to: at };
    },
    close() {},
  };
}

/** A source over strings of one-byte characters that lie in memory one after the other. */
export function textsSource(bytes: Buffer, lengths: Uint32Array): ChunkSource {
  let at = 0;
  let nextStart = 0;
  return {
    next() {
      if (at >= lengths.length) return undefined;
      const [from, start] = [at, nextStart];
      at = Math.min(lengths.length, from + CHUNK_RECORDS);
      for (let i = from; i < at; i++) nextStart += lengths[i] as number;
      return { kind: "texts", bytes, lengths, start, from, to: at };
    },
    close() {},
  };
}

/** A source over pairs in two columns in memory. */
export function pairsSource(keys: readonly unknown[], values: readonly unknown[]): ChunkSource {
  let at = 0;
  return {
    next() {
      if (at >= keys.length) return undefined;
      const from = at;
      at = Math.min(keys.length, from + CHUNK_RECORDS);
      return { kind: "pairs", keys, values, from, to: at };
    },
    close() {},
  };
}

/** Several sources, one after the other; each is opened only when the one before it has ended. */
export function concatSource(opens: readonly (() => ChunkSource)[]): ChunkSource {
  let current: ChunkSource | undefined;
  let at = 0;
  const advance = (): Chunk | undefined | Promise<Chunk | undefined> => {
    for (;;) {
      if (current === undefined) {
        const open = opens[at];
        if (open === undefined) return undefined;
        at += 1;
        current = open();
      }
      const chunk = current.next();
      if (chunk instanceof Promise) return chunk.then(resolved => resolved ?? endOfOne());
      if (chunk !== undefined) return chunk;
      endCurrent();
    }
  };
  const endCurrent = () => {
    current?.close();
    current = undefined;
  };
  const endOfOne = () => {
    endCurrent();
    return advance();
  };
  return { next: advance, close: endCurrent };
}
