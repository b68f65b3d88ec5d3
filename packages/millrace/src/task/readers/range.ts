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
        const length = Math.min(CHUNK_RECORDS, count - at);
        const values: number[] = [];
        for (let i = 0; i < length; i++) values.push(start + (at + i) * step);
        at += length;
        return { kind: "values", values, from: 0, to: length };
      },
      close() {},
    };
  },
};
