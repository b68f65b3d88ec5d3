import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { readAll } from "../../task/fixtures/read-all.ts";
import { blockReader } from "../../task/readers/block.ts";
import { BlockMemory } from "./block-memory.ts";
import { LocalBlockStore } from "./local-block-store.ts";
import type { ReceivedBlock } from "./received-block.ts";

function setUp({ maxMemoryBytes = 1000, encodesRecords = false } = {}) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const { files } = platform;
  const memory = new BlockMemory(maxMemoryBytes, encodesRecords);
  const store = new LocalBlockStore({ files, directory: "/tmp/blocks", memory });
  let number = 0;
  const put = (block: StoredBlock, storageLevel: StorageLevel) => {
    number += 1;
    return store.store({ id: `input-0-${number}`, streamId: 0, block, numRecords: undefined, storageLevel });
  };
  const now = (block: StoredBlock, level: StorageLevel): ReceivedBlock => {
    const stored = put(block, level);
    assert.ok(!(stored instanceof Promise));
    return stored;
  };
  return { platform, store, memory, put, now };
}

const text = "first\nsecond\n";
const lines: StoredBlock = { kind: "lines", bytes: new TextEncoder().encode(text), count: 2 };
const values = (count: number): StoredBlock => ({
  kind: "values",
  values: Array.from({ length: count }, (_, i) => ({ i })),
});

const onDisk: [what: string, block: StoredBlock, records: unknown[]][] = [
  ["lines", lines, ["first", "second"]],
  ["records", values(3), [{ i: 0 }, { i: 1 }, { i: 2 }]],
];

for (const [what, block, records] of onDisk) {
  test(`${what} on disk are read from there, and go when they are forgotten`, async () => {
    const { platform, store, memory, put } = setUp();
    const stored = await platform.run(Promise.resolve(put(block, StorageLevel.DISK_ONLY)));
    assert.ok(stored.block.kind === "file");
    assert.equal(memory.bytes, 0);
    assert.deepEqual(await readAll(blockReader.open(stored.block, platform)), records);
    store.forget(1000, [stored]);
    await platform.settle();
    assert.equal(platform.files.statSync(stored.block.path), undefined);
    await platform.run(store.close());
    assert.equal(platform.files.statSync("/tmp/blocks"), undefined);
  });
}

test("memory is given back when blocks are forgotten", () => {
  const { store, memory, now } = setUp();
  const blocks = [now(lines, StorageLevel.MEMORY_ONLY), now(values(2), StorageLevel.MEMORY_ONLY)];
  assert.equal(memory.bytes, text.length + 200);
  store.forget(1000, blocks);
  assert.equal(memory.bytes, 0);
});

test("[case 446] [case 448] what does not fit goes to disk, or is an error without disk", async () => {
  const { platform, put, now } = setUp();
  now(values(7), StorageLevel.MEMORY_ONLY);
  assert.throws(() => put(values(4), StorageLevel.MEMORY_ONLY), {
    code: "MR_RECEIVER_STORE",
    name: "SparkException",
    message: /Could not store input-0-2 .*Memory Deserialized 1x Replicated.*takes 400 bytes, 700 of 1000/,
  });
  const stored = await platform.run(Promise.resolve(put(values(70), StorageLevel.MEMORY_AND_DISK)));
  assert.equal((await readAll(blockReader.open(stored.block, platform))).length, 70);
});

test("records for other threads are bytes from the start", async () => {
  const { platform, memory, now } = setUp({ encodesRecords: true });
  const stored = now(values(3), StorageLevel.MEMORY_AND_DISK_SER_2);
  assert.ok(stored.block.kind === "encoded");
  assert.equal(memory.bytes, stored.block.bytes.length);
  assert.deepEqual(await readAll(blockReader.open(stored.block, platform)), [{ i: 0 }, { i: 1 }, { i: 2 }]);
});
