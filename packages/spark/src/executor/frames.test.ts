import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { DONE, FrameReader, FrameWriter } from "./frames.ts";

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

const answers: readonly (readonly [name: string, sizes: readonly number[], writes: readonly number[]])[] = [
  ["nothing", [], [5]],
  ["small blocks", [10, 20], [5 + 12 + 10 + 5 + 12 + 20 + 5]],
  ["a large block among small ones", [10, 100_000, 20], [27 + 100_017, 42]],
];

for (const [name, sizes, writes] of answers) {
  test(`small frames are written together: ${name}`, async () => {
    const written: Buffer[] = [];
    const sink = new Writable({
      highWaterMark: 1000,
      write: (chunk: Buffer, _, done) => {
        written.push(chunk);
        setImmediate(done);
      },
      writev: (chunks, done) => {
        written.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
        setImmediate(done);
      },
    });
    const writer = new FrameWriter(sink);
    for (const size of sizes) await writer.block(1, 2, 3, Buffer.alloc(size, "x"));
    await writer.write(DONE);
    await writer.flush();
    assert.deepEqual(
      written.map(({ length }) => length),
      writes,
    );
    const got: [number, number][] = [];
    const reader = new FrameReader((type, payload) => got.push([type, payload.length]));
    for (const chunk of written) reader.push(chunk);
    assert.deepEqual(got, [...sizes.map(size => [2, 12 + size]), [DONE, 0]]);
  });
}
