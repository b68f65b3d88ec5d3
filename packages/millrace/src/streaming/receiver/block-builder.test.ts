import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockBuilder, type BuiltBlock } from "./block-builder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("one block for values, one for lines, in the order of arrival", () => {
  const builder = new BlockBuilder();
  builder.addValue(1);
  builder.addValue(2);
  builder.addLines(bytes("a\nb\n"), 2);
  builder.addLines(bytes("c\n"), 1);
  builder.addValue(3);
  assert.deepEqual(
    builder
      .take()
      .map(block =>
        block.kind === "values" ? block.values : [Buffer.from(block.bytes).toString(), block.count],
      ),
    [[1, 2], ["a\nb\nc\n", 3], [3]],
  );
  assert.deepEqual(builder.take(), []);
});

test("blocks keep their lines while later ones are gathered in the same memory", () => {
  const builder = new BlockBuilder();
  const expected: string[] = [];
  const kept: BuiltBlock[] = [];
  for (let i = 0; i < 40; i++) {
    const lines = `${i} ${"x".repeat(i * 997)}\n`.repeat(3);
    for (const half of [lines, lines.toUpperCase()]) builder.addLines(bytes(half), 3);
    expected.push(lines + lines.toUpperCase());
    kept.push(...builder.take());
  }
  const lines = kept.flatMap(block => (block.kind === "lines" ? [block.bytes] : []));
  assert.deepEqual(
    lines.map(block => Buffer.from(block).toString()),
    expected,
  );
  assert.ok(new Set(lines.map(({ buffer }) => buffer)).size < kept.length / 2);
});
