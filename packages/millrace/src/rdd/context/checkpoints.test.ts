import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { createMemoryFileSystem } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import { quietContext } from "../fixtures/contexts.ts";
import type { SparkContext } from "../spark-context.ts";

for (const master of ["local", "local[2]"]) {
  const withFiles = async (
    body: (sc: SparkContext, memory: ReturnType<typeof createMemoryFileSystem>) => Promise<void>,
  ) => {
    const memory = createMemoryFileSystem();
    await using sc = quietContext(master, { fileSystems: { memory } });
    sc.setCheckpointDir("memory:///checkpoints/");
    await body(sc, memory);
  };

  test(`${master}: saved after the first job, and then read from there`, () =>
    withFiles(async (sc, memory) => {
      const computed = sc.longAccumulator("computed");
      const squares = sc.range(0, 10, 1, 3).map(n => {
        computed.add(1);
        return n * n;
      });
      const sums = squares.map(n => [n % 2, n]).reduceByKey((a, b) => a + b, 2);
      const tripled = sums.mapValues(n => 3 * n);
      sums.checkpoint();
      sums.checkpoint();
      assert.equal(sums.isCheckpointed, false);
      assert.equal(sums.getCheckpointFile(), undefined);
      const before = new Map(await tripled.collect());
      assert.equal(sums.isCheckpointed, true);
      assert.equal(tripled.isCheckpointed, false);
      const path = sums.getCheckpointFile() ?? "";
      assert.equal(path, `${sc.getCheckpointDir()}/rdd-${sums.id}`);
      assert.match(path, /^memory:\/\/\/checkpoints\/local-\d+-\w+\/rdd-\d+$/);
      assert.deepEqual(
        memory.listSync(path).map(file => file.path.slice(path.length)),
        ["/_SUCCESS", "/part-00000", "/part-00001"],
      );
      const once = computed.value;
      assert.deepEqual(new Map(await tripled.collect()), before);
      assert.deepEqual(
        new Map(await sums.collect()),
        new Map([
          [0, 120],
          [1, 165],
        ]),
      );
      assert.equal(computed.value, once);
      assert.deepEqual(sums.dependencies, []);
      assert.match(tripled.toDebugString(), /^\(2\) mapValues.*\n \| {2}reduceByKey[^\n]*$/);
      assert.equal(sums.partitioner?.numPartitions, 2);
    }));

  test(`${master}: what was persisted is not computed again to be saved`, () =>
    withFiles(async sc => {
      const computed = sc.longAccumulator("computed");
      const kept = sc.range(0, 10, 1, 2).map(n => {
        computed.add(1);
        return n;
      });
      kept.persist(StorageLevel.MEMORY_ONLY).checkpoint();
      assert.equal(await kept.sum(), 45);
      assert.equal(kept.isCheckpointed, true);
      assert.equal(computed.value, 10);
      kept.unpersist();
      assert.equal(await kept.sum(), 45);
      assert.equal(computed.value, 10);
    }));

  test(`${master}: only the nearest of two that are marked is saved`, () =>
    withFiles(async sc => {
      const first = sc.parallelize([1, 2], 2);
      const second = first.map(n => n + 1);
      first.checkpoint();
      second.checkpoint();
      assert.deepEqual(await second.collect(), [2, 3]);
      assert.deepEqual([first.isCheckpointed, second.isCheckpointed], [false, true]);
      assert.deepEqual(await first.collect(), [1, 2]);
      assert.equal(first.isCheckpointed, true);
    }));

  test(`${master}: a disk that is full fails the action, and the next one tries again`, () =>
    withFiles(async (sc, memory) => {
      const marked = sc.parallelize([1, 2], 2).map(n => n);
      marked.checkpoint();
      memory.onCall = ({ operation }) =>
        operation === "write" ? { kind: "error", errno: "ENOSPC" } : undefined;
      await assert.rejects(marked.count(), {
        code: "MR_IO",
        message: /\[checkpoint at .*checkpoints\.test\.ts/,
      });
      assert.equal(marked.isCheckpointed, false);
      memory.onCall = undefined;
      assert.deepEqual(await marked.collect(), [1, 2]);
      assert.equal(marked.isCheckpointed, true);
    }));
}

test("while another job runs the lineage stays", async () => {
  const folder = mkdtempSync(`${tmpdir()}/checkpoint-`);
  await using sc = quietContext("local[2]");
  sc.setCheckpointDir(folder);
  const endless = new AbortController();
  const other = sc.withSignal(endless.signal, () => sc.range(0, 1e15, 1, 1).count());
  const marked = sc.parallelize([1, 2], 1).map(n => n);
  marked.checkpoint();
  assert.equal(await marked.count(), 2);
  assert.equal(marked.isCheckpointed, true);
  assert.equal(marked.dependencies.length, 1);
  endless.abort();
  await assert.rejects(other, { code: "MR_JOB_CANCELLED" });
  assert.equal(await marked.count(), 2);
  assert.deepEqual(marked.dependencies, []);
  rmSync(folder, { recursive: true });
});

test("no directory to save in", async () => {
  await using sc = quietContext("local");
  assert.throws(() => sc.parallelize([1]).checkpoint(), {
    code: "MR_CHECKPOINT_DIR",
    message: /Checkpoint directory has not been set in the SparkContext \[checkpoint at/,
  });
});

test("what an RDD tells of itself", async () => {
  await using sc = quietContext("local");
  const left = sc.parallelize(["a", "b"], 2);
  const right = sc.parallelize(["c"], 1);
  const both = left.union(right);
  assert.deepEqual(
    both.dependencies.map(({ rdd, isShuffle }) => [rdd.id, isShuffle]),
    [
      [left.id, false],
      [right.id, false],
    ],
  );
  assert.deepEqual(both.partitions, [{ index: 0 }, { index: 1 }, { index: 2 }]);
  assert.deepEqual(await all(both.iterator({ index: 1 })), ["b"]);
  await assert.rejects(all(both.iterator({ index: 3 })), { code: "MR_BAD_ARGUMENT" });
});

async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const record of records) found.push(record);
  return found;
}
