import { type ChunkSource, pairsSource, textsSource, valuesSource } from "../chunk.ts";
import { decodeBlock, oneByteTexts } from "../codec/columns.ts";
import type { EncodedBlock } from "../shuffle-block.ts";

/** Values the driver holds: a slice of a collection, or what a receiver stored. */
export interface PlainValues {
  readonly values: readonly unknown[];
}

/** The same as bytes in shared memory: the form in which they go to another thread. */
export interface EncodedValues {
  readonly encoded: EncodedBlock;
}

export type ValuesSplit = PlainValues | EncodedValues;

export const valuesReader = {
  open(split: ValuesSplit): ChunkSource {
    if ("values" in split) return valuesSource(split.values);
    const texts = oneByteTexts(split.encoded);
    if (texts !== undefined) return textsSource(texts.characters, texts.lengths);
    const block = decodeBlock(split.encoded);
    return block.kind === "columns" ? pairsSource(block.keys, block.values) : valuesSource(block.records);
  },
};
