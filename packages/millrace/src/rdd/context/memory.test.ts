import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import { withContext } from "../fixtures/contexts.ts";
import { SparkContext } from "../spark-context.ts";

/** A context that has hardly any memory, and its scratch directory. */
async function withLittleMemory(
  master: string,
  body: (sc: SparkContext, directory: string) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(`${tmpdir()}/scratch-`);
  const conf = new SparkConf()
    .setMaster(master)
    .setAppName("little memory")
    .set("spark.log.level", "off")
    .set("spark.testing.memory", "512k")
    .set("spark.local.dir", directory);
  const sc = new SparkContext(conf);
  try {
    await body(sc, directory);
  } finally {
    await sc.stop();
    assert.deepEqual(readdirSync(directory), []);
    rmSync(directory, { recursive: true });
  }
}

/** Files of the context, by what they are for. */
function scratchFiles(directory: string): string[] {
  const [own] = readdirSync(directory);
  return own === undefined ? [] : readdirSync(`${directory}/${own}`).map(name => name.split("-")[0] ?? "");
}

const COUNT = 40_000;
const KEYS = 5_000;
const numbers = (sc: SparkContext) => sc.range(0, COUNT, 1, 4);
const sumOf = (values: Iterable<number>) => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};
const expectedSums = Array.from({ length: KEYS }, (_, key) => {
  const perKey = COUNT / KEYS;
  return [key, perKey * key + (KEYS * perKey * (perKey - 1)) / 2] as const;
});
const byKey = (a: readonly [number, unknown], b: readonly [number, unknown]) => a[0] - b[0];

for (const master of ["local", "local[2]"]) {
  test(`${master}: groups that do not fit into memory`, () =>
    withLittleMemory(master, async (sc, directory) => {
      const grouped = numbers(sc)
        .map(n => [n % 5_000, n])
        .groupByKey(3);
      const sums = await grouped.mapValues(values => values.reduce((a, b) => a + b)).collect();
      assert.deepEqual(sums.sort(byKey), expectedSums);
      assert.ok(scratchFiles(directory).includes("shuffle"));
    }));

  test(`${master}: combined values that do not fit into memory`, () =>
    withLittleMemory(master, async sc => {
      const counted = numbers(sc)
        .map(n => [`key number ${n % 20_000}`, 1])
        .reduceByKey((a, b) => a + b, 3);
      const counts = await counted.collect();
      assert.equal(counts.length, 20_000);
      assert.ok(counts.every(([, count]) => count === 2));
    }));

  test(`${master}: keys that hardly repeat are not combined before the shuffle, and come out once`, () =>
    withContext(master, async sc => {
      const count = 600_000;
      const repeated = 1000;
      for (const [partitions, reducers] of [
        [2, 3],
        [1, 2],
      ] as const) {
        const pairs = sc.range(0, count, 1, partitions).map(n => [n % (count - repeated), 1]);
        const sums = pairs.reduceByKey((a, b) => a + b, reducers);
        assert.equal(await sums.count(), count - repeated);
        assert.equal(await sums.filter(([, sum]) => sum === 2).count(), repeated);
      }
    }));

  test(`${master}: joins and sets that do not fit into memory`, () =>
    withLittleMemory(master, async sc => {
      const left = numbers(sc).map(n => [n, `left ${n}`]);
      const right = numbers(sc)
        .filter(n => n % 2 === 0)
        .map(n => [n, `right ${n}`]);
      const joined = await left.join(right).collect();
      assert.deepEqual(
        joined.sort(byKey),
        Array.from({ length: COUNT / 2 }, (_, i) => [2 * i, [`left ${2 * i}`, `right ${2 * i}`]] as const),
      );
      const groups = numbers(sc)
        .map(n => [`${n % 100}`, n])
        .cogroup(numbers(sc).map(n => [`other ${n % 5}`, n]));
      const sizes = await groups.mapValues(([a, b]) => [a.length, b.length]).collect();
      assert.deepEqual(
        sizes.sort().map(([, size]) => size),
        [...Array(100).fill([COUNT / 100, 0]), ...Array(5).fill([0, COUNT / 5])],
      );
      assert.equal(
        await numbers(sc)
          .map(n => `n${n % 7_000}`)
          .distinct()
          .count(),
        7_000,
      );
    }));

  test(`${master}: what does not fit into memory is sorted, equal keys in the order they had`, () =>
    withLittleMemory(master, async (sc, directory) => {
      const shuffled = numbers(sc).map(n => [`key ${(n * 7_919) % 1_000}`, n]);
      for (const ascending of [true, false]) {
        const sorted = await shuffled.sortByKey(ascending, 2).collect();
        const expected = Array.from({ length: COUNT }, (_, n) => [`key ${(n * 7_919) % 1_000}`, n] as const);
        expected.sort(([a], [b]) => (a === b ? 0 : a < b === ascending ? -1 : 1));
        assert.deepEqual(sorted, expected);
      }
      assert.ok(scratchFiles(directory).includes("shuffle"));
      const longest = await numbers(sc)
        .sortBy(n => -n, true, 1)
        .take(3);
      assert.deepEqual(longest, [COUNT - 1, COUNT - 2, COUNT - 3]);
    }));

  test(`${master}: instances of classes stay what they are, whatever memory there is`, () =>
    withLittleMemory(master, async (sc, directory) => {
      class Point {
        readonly x: number;
        constructor(x: number) {
          this.x = x;
        }
        twice() {
          return 2 * this.x;
        }
      }
      const points = numbers(sc)
        .map(n => [n % 10, new Point(n)])
        .groupByKey(2)
        .mapValues(all => all.reduce((sum, point) => sum + point.twice(), 0));
      assert.equal(sumOf((await points.collect()).map(([, sum]) => sum)), COUNT * (COUNT - 1));
      assert.ok(scratchFiles(directory).includes("shuffle"));
    }));

  test(`${master}: one partition that is larger than memory is kept where its level says, or passed on`, () =>
    withLittleMemory(master, async sc => {
      for (const level of ["MEMORY_ONLY", "MEMORY_AND_DISK", "MEMORY_AND_DISK_SER", "OFF_HEAP"] as const) {
        const computed = sc.longAccumulator();
        const kept = sc
          .range(0, COUNT, 1, 1)
          .map(n => {
            computed.add(1);
            return { text: `record ${n}` };
          })
          .persist(StorageLevel[level]);
        for (let time = 0; time < 2; time++) {
          const texts = kept.map(record => record.text);
          assert.deepEqual(await texts.filter(text => text.endsWith("9999")).collect(), [
            "record 9999",
            "record 19999",
            "record 29999",
            "record 39999",
          ]);
          assert.equal(await texts.count(), COUNT);
        }
        assert.equal(computed.value, level === "MEMORY_ONLY" ? 4 * COUNT : COUNT);
        kept.unpersist();
      }
    }));

  for (const level of [
    "MEMORY_ONLY",
    "MEMORY_ONLY_SER",
    "MEMORY_AND_DISK",
    "MEMORY_AND_DISK_SER",
    "DISK_ONLY",
    "OFF_HEAP",
  ] as const) {
    test(`${master}: ${level} keeps what there is room for, and the rest comes again`, () =>
      withLittleMemory(master, async (sc, directory) => {
        const computed = sc.longAccumulator();
        const kept = numbers(sc)
          .map(n => {
            computed.add(1);
            return `record ${n}`;
          })
          .persist(StorageLevel[level]);
        const first = await kept.collect();
        assert.deepEqual(await kept.collect(), first);
        assert.equal(first[COUNT - 1], `record ${COUNT - 1}`);
        const isComplete = StorageLevel[level].useDisk;
        if (isComplete) {
          assert.equal(computed.value, COUNT);
          assert.ok(scratchFiles(directory).includes("rdd"));
        } else {
          assert.ok(computed.value >= COUNT);
        }
        const [info] = sc.getRDDStorageInfo();
        if (isComplete) assert.deepEqual([info?.numPartitions, info?.numCachedPartitions], [4, 4]);
        kept.unpersist();
        assert.deepEqual(sc.getRDDStorageInfo(), []);
      }));
  }
}

test("a disk that is full while spilling is said to be", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  platform.files.onCall = ({ operation }) =>
    operation === "append" ? { kind: "error", errno: "ENOSPC" } : undefined;
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("full")
    .set("spark.log.level", "off")
    .set("spark.testing.memory", "512k");
  const sc = new SparkContext(conf, { platform });
  const job = numbers(sc)
    .map(n => [n, n])
    .groupByKey(2)
    .count();
  await assert.rejects(platform.run(job), { code: "MR_SPILL", message: /ENOSPC/, operator: "groupByKey" });
  await platform.run(sc.stop());
});

test("what processes that are gone have left behind is removed", async () => {
  const directory = mkdtempSync(`${tmpdir()}/scratch-`);
  const stale = `${directory}/millrace-4194305-abc`;
  const others = [`${directory}/millrace-${process.pid}-abc`, `${directory}/somebody-else`];
  for (const path of [stale, ...others]) mkdirSync(path);
  const conf = new SparkConf().setMaster("local").setAppName("stale").set("spark.local.dir", directory);
  const sc = new SparkContext(conf);
  await sc.range(0, 10).count();
  while (existsSync(stale)) await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual(others.map(existsSync), [true, true]);
  await sc.stop();
  rmSync(directory, { recursive: true });
});
