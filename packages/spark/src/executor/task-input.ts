import { type EncodedBlock, mapInputParts, type ShuffleBlock, type TaskInput } from "millrace/engine";

/**
 * A slot stands where a stage's input will have shuffle blocks: they arrive with the task. To the plan it is a
 * block with one record.
 */
interface SlotBlock {
  readonly kind: "records";
  readonly records: readonly [{ readonly slot: number }];
}

export function slotBlock(slot: number): ShuffleBlock {
  return { kind: "records", records: [{ slot }] } satisfies SlotBlock;
}

/** Puts the blocks that arrived in the places of their slots, and values where they can be read in place. */
export function fillSlots(input: TaskInput, blocksOf: (slot: number) => readonly EncodedBlock[]): TaskInput {
  const fill = (from: TaskInput): TaskInput => {
    switch (from.op) {
      case "read": {
        const { encoded } = from.split as { readonly encoded?: EncodedBlock };
        if (encoded === undefined) return from;
        return { ...from, split: { encoded: { ...encoded, bytes: new Uint8Array(encoded.bytes) } } };
      }
      case "shuffled":
        return {
          ...from,
          blocks: from.blocks.flatMap(block => blocksOf((block as SlotBlock).records[0].slot)),
        };
      default:
        return mapInputParts(from, fill);
    }
  };
  return fill(input);
}
