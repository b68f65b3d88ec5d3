import { type ChunkSource, valuesSource } from "../chunk.ts";

/** A slice of a collection the driver holds. */
export interface ValuesSplit {
  readonly values: readonly unknown[];
}

export const valuesReader = {
  open(split: ValuesSplit): ChunkSource {
    return valuesSource(split.values);
  },
};
