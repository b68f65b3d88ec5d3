import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRows, encodeRows } from "./rows.ts";

const rows = [
  { partition: 5, kind: -1, sequence: 0, bytes: new Uint8Array([1, 2, 3]) },
  { partition: 0, kind: 2 ** 31 - 1, sequence: 7, bytes: new Uint8Array(0) },
];

test("rows survive, also from memory that begins anywhere", () => {
  const encoded = encodeRows(rows);
  const shifted = new Uint8Array(encoded.length + 3);
  shifted.set(encoded, 3);
  assert.deepEqual(decodeRows(shifted.subarray(3)), rows);
});

test("bytes of rows begin at aligned addresses of their own memory", () => {
  for (const { bytes } of decodeRows(encodeRows(rows))) assert.equal(bytes.byteOffset, 0);
});
