import type { ShippedClosure } from "../closure/index.ts";
import type { SpilledPiece } from "./memory/spill-file.ts";

/**
 * What one map task leaves for one reducer: pairs in columns, or whole records when there is nothing to
 * combine. Within one thread the arrays are passed as they are; between threads they travel encoded.
 */
export type ShuffleBlock =
  | {
      readonly kind: "columns";
      readonly keys: readonly unknown[];
      readonly values: readonly unknown[];
      /** No key occurs twice. */
      readonly hasUniqueKeys?: boolean;
    }
  | { readonly kind: "records"; readonly records: readonly unknown[] }
  | EncodedBlock
  | SpilledBlock;

/** A block in a file. */
export interface SpilledBlock {
  readonly kind: "spilled";
  readonly path: string;
  readonly pieces: readonly SpilledPiece[];
  /** What its records are instances of. */
  readonly classes?: readonly ShippedClosure[];
}

/** A block as it lies in memory. */
export type PlainBlock = Exclude<ShuffleBlock, EncodedBlock | SpilledBlock>;

/** A block as bytes in shared memory; `codec/columns.ts` knows their layout. */
export interface EncodedBlock {
  readonly kind: "encoded";
  readonly bytes: Uint8Array;
  /** No key occurs twice. */
  readonly hasUniqueKeys?: boolean;
  /** What its records are instances of. */
  readonly classes?: readonly ShippedClosure[];
}

/** How many records a block holds, if that is known without decoding it. */
export function isEmptyBlock(block: ShuffleBlock): boolean {
  switch (block.kind) {
    case "columns":
      return block.keys.length === 0;
    case "records":
      return block.records.length === 0;
    case "encoded":
      return block.bytes.length === 0;
    case "spilled":
      return block.pieces.length === 0;
  }
}
