import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBlock } from "millrace/engine";
import { inOrder, pieceHead, piecesOf, readPiece } from "./pieces.ts";

/** As Spark delivers them: in any order, anywhere in memory. */
function delivered(sequence: number, pieces: readonly Uint8Array[]) {
  return pieces
    .map((bytes, number) => {
      const shifted = Buffer.concat([Buffer.alloc(3), pieceHead(number), bytes]);
      return readPiece(sequence, shifted.subarray(3));
    })
    .toReversed();
}

test("small blocks are one piece, empty ones none", () => {
  assert.equal(piecesOf({ kind: "records", records: [1, "a", null] }).length, 1);
  assert.equal(piecesOf({ kind: "records", records: [] }).length, 0);
});

test("large blocks are cut, and put together in order", () => {
  const keys = Array.from({ length: 300_000 }, (_, i) => `key number ${i}`);
  const values = keys.map((_, i) => i);
  const pieces = piecesOf({ kind: "columns", keys, values });
  assert.ok(pieces.length > 1);
  assert.ok(pieces.every(({ length }) => length <= 4 << 20));
  const blocks = inOrder(delivered(0, pieces)).map(({ block }) => decodeBlock(block));
  assert.deepEqual(
    blocks.flatMap(block => (block.kind === "columns" ? block.keys : [])),
    keys,
  );
  assert.deepEqual(
    blocks.flatMap(block => (block.kind === "columns" ? block.values : [])),
    values,
  );
});

test("one record may be larger than a piece", () => {
  assert.equal(piecesOf({ kind: "records", records: ["x".repeat(5 << 20), "y"] }).length, 2);
});

test("pieces of several map tasks go by task, then by number", () => {
  const two = [new Uint8Array(8), new Uint8Array(16)];
  const all = inOrder([...delivered(1, two), ...delivered(0, two)]);
  assert.deepEqual(
    all.map(({ sequence, number }) => [sequence, number]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  );
});
