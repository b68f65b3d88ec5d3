import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockBuilder } from "./block-builder.ts";

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
