import {
  type EncodedBlock,
  encodeBlock,
  millraceError,
  type PlainBlock,
  type ShuffleBlock,
} from "millrace/engine";

/** Blocks above this size are cut in two, again and again: Spark holds a batch of them in one array. */
const PIECE_BYTES = 4 << 20;

/** Bytes before the block itself: its number, and zero, so that the block begins at an aligned address. */
export const PIECE_HEAD = 8;

/** A block as bytes in pieces. An empty block is none at all. */
export function piecesOf(block: ShuffleBlock): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const add = ({ bytes }: EncodedBlock): void => {
    if (bytes.length > 0) pieces.push(bytes);
  };
  const cut = (part: PlainBlock): void => {
    const encoded = encodeBlock(part);
    const count = part.kind === "columns" ? part.keys.length : part.records.length;
    if (encoded.bytes.length <= PIECE_BYTES || count < 2) {
      add(encoded);
      return;
    }
    const middle = count >> 1;
    for (const [from, to] of [
      [0, middle],
      [middle, count],
    ] as const) {
      cut(
        part.kind === "columns"
          ? { kind: "columns", keys: part.keys.slice(from, to), values: part.values.slice(from, to) }
          : { kind: "records", records: part.records.slice(from, to) },
      );
    }
  };
  if (block.kind === "spilled") throw millraceError("MR_INTERNAL", "executors have no scratch files");
  if (block.kind === "encoded") add(block);
  else cut(block);
  return pieces;
}

/** The bytes before piece `number`. */
export function pieceHead(number: number): Uint8Array {
  const head = Buffer.alloc(PIECE_HEAD);
  head.writeUInt32LE(number, 0);
  return head;
}

/** Pieces of blocks as they arrive, in any order. */
export interface Piece {
  readonly sequence: number;
  readonly number: number;
  readonly block: EncodedBlock;
}

/** Reads a piece; its bytes are copied to memory that begins at an aligned address. */
export function readPiece(sequence: number, bytes: Buffer): Piece {
  return {
    sequence,
    number: bytes.readUInt32LE(0),
    block: { kind: "encoded", bytes: new Uint8Array(bytes.subarray(PIECE_HEAD)) },
  };
}

/** In the order of map tasks (or partitions), and of pieces within. */
export function inOrder(pieces: readonly Piece[]): Piece[] {
  return pieces.toSorted((a, b) => a.sequence - b.sequence || a.number - b.number);
}
