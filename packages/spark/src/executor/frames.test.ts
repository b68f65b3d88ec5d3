import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader } from "./frames.ts";

function frame(type: number, payload: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt8(type, 4);
  return Buffer.concat([head, Buffer.from(payload)]);
}

const bytes = Buffer.concat([frame(1, "begin"), frame(2, ""), frame(2, "x".repeat(1000)), frame(3, "")]);
const expected = [
  [1, "begin"],
  [2, ""],
  [2, "x".repeat(1000)],
  [3, ""],
];

for (const size of [1, 2, 5, 7, 100, bytes.length]) {
  test(`frames that arrive ${size} bytes at a time`, () => {
    const got: [number, string][] = [];
    const reader = new FrameReader((type, payload) => got.push([type, payload.toString()]));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(got, expected);
  });
}
