import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import { SparkContext } from "../../rdd/index.ts";
import { LoggedBlockStore } from "../wal/logged-block-store.ts";
import { createBlockStore } from "./create-block-store.ts";
import { LocalBlockStore } from "./local-block-store.ts";

const log = { rollingIntervalMs: 1000, maxFailures: 1, closesFileAfterWrite: false };

function create(isLogged: boolean, checkpointDir: string | undefined) {
  const platform = createDeterministicPlatform({ seed: 1 });
  return createBlockStore({
    platform,
    clock: new ManualClock(),
    settings: {
      maxMemoryBytes: 1000,
      localDir: undefined,
      log: isLogged ? log : undefined,
      timeoutMs: 1000,
    },
    master: "local",
    checkpointDir,
  });
}

test("[case 433] blocks are logged when they are to be and there is a place for it", () => {
  assert.ok(create(false, undefined) instanceof LocalBlockStore);
  assert.ok(create(false, "/checkpoint") instanceof LocalBlockStore);
  assert.ok(create(true, "/checkpoint") instanceof LoggedBlockStore);
  assert.throws(() => create(true, undefined), {
    code: "MR_STREAMING_CHECKPOINT",
    message: /Cannot enable receiver write-ahead log without checkpoint directory set/,
  });
});

test("[case 423] without a log the blocks of a batch are read as they were stored, in order", async () => {
  const store = create(false, undefined);
  const blocks = [1, 2, 3, 4, 5].map(async n => {
    const block = { kind: "values", values: [n] } as const;
    const storageLevel = StorageLevel.MEMORY_ONLY;
    return store.store({ id: `input-0-${n}`, streamId: 0, block, numRecords: 1, storageLevel });
  });
  const stored = await Promise.all(blocks);
  assert.ok(stored.every(({ logged }) => logged === undefined));
  const context = new SparkContext("local", "blocks");
  assert.deepEqual(await context.blocks(stored.map(({ block }) => block)).collect(), [1, 2, 3, 4, 5]);
  await context.stop();
});
