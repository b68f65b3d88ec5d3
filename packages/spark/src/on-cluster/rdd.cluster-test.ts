import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Partitioner, StorageLevel } from "millrace";
import { clusterContext, sharedDirectory } from "../fixtures/on-cluster.ts";
import { wordsOf } from "../fixtures/words-of.ts";

const sc = clusterContext();
const factor = 10;
const sorted = (records: readonly unknown[]) => records.map(record => JSON.stringify(record)).sort();

class ByLength extends Partitioner {
  override readonly numPartitions = 3;
  override getPartition(key: unknown): number {
    return String(key).length % this.numPartitions;
  }
}

const pairs = () => sc.parallelize(["a", "bb", "a", "cc"], 3).map(word => [word, 1]);

const cases: readonly (readonly [name: string, actual: () => Promise<unknown>, expected: unknown])[] = [
  [
    "captured values travel",
    () =>
      sc
        .parallelize([1, 2])
        .map(x => x * factor)
        .collect(),
    [10, 20],
  ],
  [
    "imported modules travel, with what they import",
    () => sc.parallelize(["a  b"]).flatMap(wordsOf).collect(),
    ["a", "b"],
  ],
  [
    "functions run on the cluster",
    () =>
      sc
        .parallelize([process.pid])
        .filter(pid => pid !== process.pid)
        .count(),
    1,
  ],
  [
    "count",
    () =>
      sc
        .range(0, 1000, 1, 5)
        .filter(x => x % 2 === 0)
        .count(),
    500,
  ],
  ["reduce, with empty partitions", () => sc.parallelize([4, 5], 4).reduce((a, b) => a + b), 9],
  ["take looks at few partitions", () => sc.range(0, 1000, 1, 8).take(3), [0, 1, 2]],
  [
    "no partitions at all",
    () =>
      sc
        .emptyRDD<number>()
        .map(x => x + 1)
        .collect(),
    [],
  ],
  ["glom keeps partitions", () => sc.range(0, 5, 1, 3).glom().collect(), [[0], [1, 2], [3, 4]]],
  [
    "mapPartitionsWithIndex",
    () =>
      sc
        .range(0, 4, 1, 2)
        .mapPartitionsWithIndex((i, records) => [[i, ...records]])
        .collect(),
    [
      [0, 0, 1],
      [1, 2, 3],
    ],
  ],
  [
    "coalesce",
    () => sc.range(0, 6, 1, 4).coalesce(2).glom().collect(),
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  ],
  [
    "a partitioner of one's own",
    async () => (await pairs().partitionBy(new ByLength()).glom().collect()).map(part => part.length),
    [0, 2, 2],
  ],
  [
    "union of shuffled and plain partitions",
    async () =>
      sorted(
        await pairs()
          .reduceByKey((a, b) => a + b, 2)
          .union(pairs())
          .collect(),
      ),
    sorted([
      ["a", 2],
      ["bb", 1],
      ["cc", 1],
      ["a", 1],
      ["a", 1],
      ["bb", 1],
      ["cc", 1],
    ]),
  ],
  [
    "zip of shuffled partitions",
    async () => {
      const ones = sc
        .range(0, 6, 1, 2)
        .map(x => [x % 3, x])
        .partitionBy(new ByLength());
      return (await ones.zip(ones.mapValues(x => -x)).collect()).every(([a, b]) => a[1] === -b[1]);
    },
    true,
  ],
  [
    "cartesian reads a shuffled partition in several tasks",
    () =>
      pairs()
        .reduceByKey((a, b) => a + b, 2)
        .cartesian(sc.parallelize([1, 2, 3], 3))
        .count(),
    9,
  ],
  [
    "a join of joins",
    async () => {
      const counts = pairs().reduceByKey((a, b) => a + b, 2);
      return sorted(
        await counts
          .join(pairs().groupByKey(3))
          .mapValues(([n, all]) => n === all.length)
          .collect(),
      );
    },
    sorted([
      ["a", true],
      ["bb", true],
      ["cc", true],
    ]),
  ],
  [
    "records of all kinds survive",
    () => sc.parallelize([new Map([["k", new Date(5)]]), null, 1n, Number.NaN, "ż", undefined]).collect(),
    [new Map([["k", new Date(5)]]), null, 1n, Number.NaN, "ż", undefined],
  ],
  [
    "results larger than a block come in pieces, in order",
    async () => {
      const lines = await sc
        .range(0, 200_000, 1, 2)
        .map(i => `a record of some length, number ${i}`)
        .collect();
      return lines.length === 200_000 && lines.every((line, i) => line.endsWith(` ${i}`));
    },
    true,
  ],
];

for (const [name, actual, expected] of cases)
  test(name, async () => assert.deepEqual(await actual(), expected));

test("persisted partitions are computed once and stay on the cluster", async () => {
  const drawn = sc
    .parallelize([1, 2, 3], 2)
    .map(x => [x, Math.random()])
    .persist(StorageLevel.MEMORY_AND_DISK);
  const first = await drawn.collect();
  assert.deepEqual(await drawn.collect(), first);
  const both = await drawn.join(drawn.mapValues(value => value)).collect();
  assert.ok(both.every(([, [a, b]]) => a === b));
  assert.deepEqual(await drawn.coalesce(1).collect(), first);
  drawn.unpersist();
  assert.notDeepEqual(await drawn.collect(), first);
});

test("what is persisted is collected in order: empty partitions and large ones", async () => {
  const lines = sc
    .range(0, 300_000, 1, 3)
    .map(i => `a record of some length, number ${i}`)
    .filter(line => !/number 1\d{5}$/.test(line))
    .persist(StorageLevel.MEMORY_AND_DISK);
  const sizes = lines.glom().map(part => part.length);
  assert.deepEqual(await sizes.collect(), [100_000, 0, 100_000]);
  const collected = await lines.collect();
  assert.equal(collected.length, 200_000);
  assert.ok(collected.every((line, i) => line.endsWith(` ${i < 100_000 ? i : i + 100_000}`)));
});

test("a local checkpoint ends the lineage", async () => {
  let numbers = sc.range(0, 4, 1, 2).map(x => [x, 0]);
  for (let i = 0; i < 3; i++) {
    const next = numbers.mapValues(value => value + 1).localCheckpoint();
    assert.equal(await next.count(), 4);
    assert.equal(next.plan.op === "localCheckpoint" && next.plan.parent, undefined);
    numbers = next;
  }
  assert.deepEqual(await numbers.values().collect(), [3, 3, 3, 3]);
});

test("text files are read by byte ranges and written on the executors", async () => {
  const directory = await sharedDirectory();
  const [input, output] = [join(directory, "in.txt"), join(directory, "out")];
  writeFileSync(input, Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(""));
  const lines = sc.textFile(input, 4);
  assert.equal(lines.getNumPartitions(), 4);
  assert.equal(await lines.filter(line => line.endsWith("7")).count(), 100);
  await sc.parallelize(["x", "y", "z"], 2).saveAsTextFile(output);
  assert.equal(readFileSync(join(output, "part-00001"), "utf8"), "y\nz\n");
  assert.ok(existsSync(join(output, "_SUCCESS")));
});
