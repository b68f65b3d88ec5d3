import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import {
  createDeterministicPlatform,
  type DeterministicPlatform,
  type SimulatedDisk,
} from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { StoredBlock } from "../../rdd/index.ts";
import { readAll } from "../../task/fixtures/read-all.ts";
import { blockReader } from "../../task/readers/block.ts";
import { BlockMemory } from "../receiver/block-memory.ts";
import type { NewBlock, ReceivedBlock } from "../receiver/received-block.ts";
import { ReceivedBlocks } from "../receiver/received-blocks.ts";
import { receivedBlock, recordedBlock } from "../receiver/recorded-blocks.ts";
import { FileWriteAheadLog } from "./file-write-ahead-log.ts";
import { LoggedBlockStore } from "./logged-block-store.ts";

interface World {
  readonly platform: DeterministicPlatform;
  readonly clock: ManualClock;
  readonly store: LoggedBlockStore;
  readonly memory: BlockMemory;
  put(number: number, more?: Partial<NewBlock>): Promise<ReceivedBlock>;
}

function world(disk?: SimulatedDisk, maxMemoryBytes = 10_000): World {
  const platform = createDeterministicPlatform(disk === undefined ? { seed: 1 } : { seed: 1, disk });
  const clock = new ManualClock();
  const memory = new BlockMemory(maxMemoryBytes, false);
  const settings = { rollingIntervalMs: 1000, maxFailures: 1, closesFileAfterWrite: false };
  const store = new LoggedBlockStore({
    openLog: id => FileWriteAheadLog.open(platform.files, `/cp/receivedData/${id}`, settings),
    memory,
    clock,
    timeoutMs: 30_000,
  });
  const put = (number: number, more: Partial<NewBlock> = {}): Promise<ReceivedBlock> => {
    const block: StoredBlock = { kind: "values", values: [number, { number }] };
    const storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2;
    return platform.run(
      store.store({ id: `input-0-${number}`, streamId: 0, block, numRecords: 2, storageLevel, ...more }),
    );
  };
  return { platform, clock, store, memory, put };
}

function open({ platform, store }: World, allocated = 0): Promise<readonly ReceivedBlock[]> {
  return platform.run(store.open([0], new Map([[0, { sequence: allocated, lastMetadata: undefined }]])));
}

function read({ platform }: World, { block }: ReceivedBlock): Promise<unknown[]> {
  return platform.run(readAll(blockReader.open(block, platform)));
}

const ids = (blocks: readonly ReceivedBlock[]): string[] => blocks.map(({ id }) => id);

function logFiles({ platform }: World): string[] {
  return platform.files.listSync("/cp/receivedData/0").map(({ path }) => path.slice(19));
}

test("[case 425] [case 426] what was stored is read again in another run, all of it or what no batch has", async () => {
  const first = world();
  assert.deepEqual(await open(first), []);
  for (const n of [1, 2, 3, 4, 5]) await first.put(n, { metadata: { offset: n } });
  first.platform.crash("unsyncedLost");

  const second = world(first.platform.disk);
  const blocks = await open(second);
  assert.deepEqual(ids(blocks), ["input-0-1", "input-0-2", "input-0-3", "input-0-4", "input-0-5"]);
  assert.deepEqual(
    blocks.map(({ metadata, logged }) => [metadata, logged?.sequence]),
    [1, 2, 3, 4, 5].map(n => [{ offset: n }, n]),
  );
  for (const [i, block] of blocks.entries()) {
    assert.equal(block.block.kind, "file");
    assert.deepEqual(await read(second, block), [i + 1, { number: i + 1 }]);
  }
  assert.deepEqual(second.store.lastMetadata(0), { offset: 5 });
  assert.equal((await second.put(6)).logged?.sequence, 6);
  assert.deepEqual(second.store.lastMetadata(0), { offset: 5 });

  const third = world(first.platform.disk);
  assert.deepEqual(ids(await open(third, 4)), ["input-0-5", "input-0-6"]);
});

test("[case 541] [case 542] a block in memory is read there, another one from the log", async () => {
  const small = world(undefined, 250);
  await open(small);
  const inMemory = await small.put(1);
  const level = StorageLevel.DISK_ONLY;
  const inLog = [await small.put(2), await small.put(3, { storageLevel: level })];
  assert.equal(inMemory.block.kind, "values");
  assert.deepEqual(
    inLog.map(({ block }) => block.kind),
    ["file", "file"],
  );
  for (const [i, block] of [inMemory, ...inLog].entries()) {
    assert.deepEqual(await read(small, block), [i + 1, { number: i + 1 }]);
  }
  // Whatever became of the memory, the log has the block.
  const place = inMemory.logged?.file;
  assert.ok(place !== undefined);
  assert.deepEqual(await read(small, { ...inMemory, block: place }), [1, { number: 1 }]);
});

test("lines stay bytes in the log", async () => {
  const first = world();
  await open(first);
  const lines: StoredBlock = { kind: "lines", bytes: new TextEncoder().encode("to be\nor\n"), count: 2 };
  await first.put(1);
  await first.put(2, { block: lines });
  const second = world(first.platform.disk);
  const [, block] = await open(second);
  assert.ok(block !== undefined);
  assert.deepEqual(await read(second, block), ["to be", "or"]);
});

test("a block is safe only when it is in the log", async () => {
  const one = world();
  await open(one);
  one.platform.files.onCall = ({ operation }) =>
    operation === "sync" ? { kind: "error", errno: "EIO" } : undefined;
  await assert.rejects(one.put(1), { code: "MR_RECEIVER_STORE" });
  assert.equal(one.memory.bytes, 0);
  one.platform.files.onCall = undefined;
  await one.put(2);
  one.platform.crash();
  assert.deepEqual(ids(await open(world(one.platform.disk))), ["input-0-2"]);
});

test("[case 431] [case 432] which batch has which block is told to another run", async () => {
  const first = world();
  await open(first);
  const books = new ReceivedBlocks();
  const fill = async (from: number): Promise<void> => {
    for (let n = from; n < from + 5; n++) books.add(await first.put(n));
  };
  await fill(1);
  first.clock.advance(2000);
  books.allocateTo(2000);
  await fill(6);
  first.clock.advance(2000);
  books.allocateTo(4000);
  await fill(11);
  const recorded = [2000, 4000].map(timeMs => ({
    timeMs,
    blocks: books.ofBatch(timeMs, 0).map(recordedBlock),
  }));
  const json = JSON.stringify({ recorded, through: books.allocated.get(0)?.sequence });
  first.platform.crash();

  const second = world(first.platform.disk);
  const restored = new ReceivedBlocks();
  const found = JSON.parse(json) as { recorded: typeof recorded; through: number };
  for (const { timeMs, blocks } of found.recorded) {
    restored.restore(
      timeMs,
      0,
      blocks.map(block => receivedBlock(0, block)),
    );
  }
  assert.equal(restored.hasUnallocated, false);
  for (const block of await open(second, found.through)) restored.add(block);
  assert.deepEqual(ids(restored.ofBatch(2000, 0)), ids(books.ofBatch(2000, 0)));
  assert.deepEqual(ids(restored.ofBatch(4000, 0)), ids(books.ofBatch(4000, 0)));
  const [block] = restored.ofBatch(4000, 0);
  assert.deepEqual(await read(second, block as ReceivedBlock), [6, { number: 6 }]);
  // A batch that runs again keeps its blocks, the next one has what was left.
  restored.allocateTo(4000);
  restored.allocateTo(6000);
  assert.equal(restored.ofBatch(4000, 0).length, 5);
  assert.deepEqual(
    ids(restored.ofBatch(6000, 0)),
    [11, 12, 13, 14, 15].map(n => `input-0-${n}`),
  );
});

test("[case 421] files are cleaned when no batch that is remembered has blocks in them", async () => {
  const one = world();
  await open(one);
  const books = new ReceivedBlocks();
  for (let n = 0; n < 6; n++) {
    books.add(await one.put(n));
    one.clock.advance(1500);
    books.allocateTo((n + 1) * 1500);
  }
  const all = [
    "log-0-1000",
    "log-1500-2500",
    "log-3000-4000",
    "log-4500-5500",
    "log-6000-7000",
    "log-7500-8500",
  ];
  assert.deepEqual(logFiles(one), all);
  one.store.forget(4500, books.cleanup(4500));
  await one.platform.settle();
  assert.deepEqual(logFiles(one), all.slice(2));
  one.store.forget(99_000, books.cleanup(99_000));
  await one.platform.settle();
  assert.deepEqual(logFiles(one), all.slice(5));
});
