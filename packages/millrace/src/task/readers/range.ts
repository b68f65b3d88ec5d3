import { CHUNK_RECORDS, type ChunkSource } from "../chunk.ts";

/** `count` numbers from `start` on, `step` apart: computed where they are needed. */
export interface RangeSplit {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export const rangeReader = {
  open({ start, step, count }: RangeSplit): ChunkSource {
    let at = 0;
    return {
      next() {
        if (at >= count) return undefined;
        const from = at;
        at = Math.min(count, from + CHUNK_RECORDS);
        return { kind: "range", start, step, from, to: at };
      },
      close() {},
    };
  },
};
