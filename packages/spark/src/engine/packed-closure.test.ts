import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { serialize } from "node:v8";
import type { ShippedClosure } from "millrace/engine";
import { ClosurePacker, unpackClosure } from "./packed-closure.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-packed-"));
after(() => rmSync(directory, { recursive: true }));

function packerWithFiles() {
  const uploads: string[] = [];
  const packer = new ClosurePacker({
    async upload(prefix, extension, bytes) {
      const file = `${prefix}-${bytes.length}.${extension}`;
      if (!uploads.includes(file)) uploads.push(file);
      writeFileSync(join(directory, file), bytes);
      return file;
    },
  });
  return { packer, uploads };
}

function closure(hash: string, textLength: number, ...binary: readonly number[]): ShippedClosure {
  return {
    hash,
    root: { ref: 0 },
    nodes: [{ kind: "error", props: [["text", "x".repeat(textLength)]] }],
    codes: [],
    binary: binary.map(length => new Uint8Array(length).fill(7)),
  };
}

const cases: readonly (readonly [name: string, closure: ShippedClosure, uploads: readonly string[][]])[] = [
  ["a small function goes along each time", closure("a", 10, 100), [[], [], []]],
  [
    "one of some size goes along once and is a file from the second time on",
    closure("b", 100_000),
    [[], ["function"], ["function"]],
  ],
  ["a large one is a file at once", closure("c", 2_000_000), [["function"], ["function"]]],
  ["large array buffers are files", closure("d", 10, 2_000_000, 5, 50_000), [["bytes", "bytes"]]],
  ["all of it", closure("e", 2_000_000, 60_000), [["bytes", "function"]]],
];

for (const [name, shipped, expected] of cases) {
  test(name, async () => {
    const { packer, uploads } = packerWithFiles();
    for (const kinds of expected) {
      const packed = await packer.pack(shipped);
      assert.deepEqual(
        uploads.map(file => file.split("-")[0]),
        kinds,
      );
      if (kinds.length > 0) assert.ok(serialize(packed).length < 1000);
      assert.deepEqual(await unpackClosure(packed, directory), shipped);
    }
  });
}

test("functions that hold the same bytes share a file", async () => {
  const { packer, uploads } = packerWithFiles();
  await packer.pack(closure("f", 10, 3_000_000));
  await packer.pack(closure("g", 20, 3_000_000));
  assert.equal(uploads.length, 1);
});
