import assert from "node:assert/strict";
import { test } from "node:test";
import { StorageLevel } from "../../plan/index.ts";
import type { ReceivedBlock } from "./received-block.ts";
import { ReceivedBlocks } from "./received-blocks.ts";

const block = (streamId: number, value: number): ReceivedBlock => ({
  id: `input-${streamId}-${value}`,
  streamId,
  block: { kind: "values", values: [value] },
  numRecords: 1,
  storageLevel: StorageLevel.MEMORY_ONLY,
});

function valuesOf(blocks: ReceivedBlocks, timeMs: number, streamId = 0): unknown[] {
  return blocks
    .ofBatch(timeMs, streamId)
    .flatMap(({ block }) => (block.kind === "values" ? block.values : []));
}

test("a batch gets what came since the one before, and keeps it when allocated again", () => {
  const blocks = new ReceivedBlocks();
  blocks.add(block(0, 1));
  blocks.add(block(1, 2));
  blocks.add(block(0, 3));
  assert.equal(blocks.hasUnallocated, true);
  blocks.allocateTo(1);
  assert.equal(blocks.hasUnallocated, false);
  assert.deepEqual([valuesOf(blocks, 1), valuesOf(blocks, 1, 1)], [[1, 3], [2]]);
  blocks.allocateTo(2);
  assert.deepEqual(valuesOf(blocks, 2), []);
  blocks.add(block(0, 4));
  for (const again of [1, 2]) blocks.allocateTo(again);
  assert.deepEqual([valuesOf(blocks, 1), valuesOf(blocks, 2)], [[1, 3], []]);
  assert.equal(blocks.hasUnallocated, true);
});

test("old batches are forgotten", () => {
  const blocks = new ReceivedBlocks();
  for (const timeMs of [1, 2, 3]) {
    blocks.add(block(0, timeMs));
    blocks.allocateTo(timeMs);
  }
  assert.deepEqual(
    blocks.cleanup(3).map(({ id }) => id),
    ["input-0-1", "input-0-2"],
  );
  assert.deepEqual(
    [1, 2, 3].map(timeMs => valuesOf(blocks, timeMs)),
    [[], [], [3]],
  );
});
