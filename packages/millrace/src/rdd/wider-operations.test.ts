import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HashPartitioner, Partitioner } from "../plan/index.ts";
import { quietContext, withContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";

/** Operations of order, chance, numbers and pairs on the same data, in 1 to 4 partitions, on every engine. */
interface Row {
  readonly name: string;
  readonly run: (numbers: RDD<number>, words: RDD<[string, number]>) => unknown;
  readonly expected: unknown;
}

const numbers = [5, 3, 8, 1, 9, 2, 2, 7];
const words: [string, number][] = [
  ["a", 1],
  ["b", 2],
  ["a", 3],
  ["c", 4],
  ["b", 5],
];
const down = (a: number, b: number) => b - a;
const inOrder = async <T>(rdd: RDD<T>) => (await rdd.collect()).sort();
const entries = async <K, V>(map: Promise<Map<K, V>>) => [...(await map)].sort();
const add = (a: number, b: number) => a + b;

class Nowhere extends Partitioner {
  override readonly numPartitions = 2;
  override getPartition(): number {
    return 7;
  }
}

const table: readonly Row[] = [
  { name: "sortBy", run: ns => ns.sortBy(n => n).collect(), expected: [1, 2, 2, 3, 5, 7, 8, 9] },
  {
    name: "sortBy, descending",
    run: ns => ns.sortBy(n => n, false, 3).collect(),
    expected: numbers.toSorted(down),
  },
  {
    name: "sortBy an order of one's own",
    run: ns =>
      ns
        .sortBy(
          n => n,
          true,
          2,
          (a, b) => b - a,
        )
        .collect(),
    expected: numbers.toSorted(down),
  },
  {
    name: "sortBy keeps equal ones in their order",
    run: (_, ws) =>
      ws
        .sortBy(([word]) => word, true, 1)
        .values()
        .collect(),
    expected: [1, 3, 2, 5, 4],
  },
  {
    name: "sortByKey",
    run: (_, ws) => ws.sortByKey(false).keys().collect(),
    expected: ["c", "b", "b", "a", "a"],
  },
  {
    name: "sorted twice",
    run: ns =>
      ns
        .sortBy(n => -n)
        .map(n => [n, n])
        .sortByKey()
        .keys()
        .collect(),
    expected: numbers.toSorted((a, b) => a - b),
  },
  {
    name: "filterByRange, of ranges and of anything",
    run: async (_, ws) => [
      await ws.sortByKey().filterByRange("a", "b").count(),
      await ws.sortByKey(false).filterByRange("b", "c").count(),
      await ws.filterByRange("b", "z").count(),
    ],
    expected: [4, 3, 3],
  },
  {
    name: "repartitionAndSortWithinPartitions",
    run: ns =>
      ns
        .map(n => [n, n])
        .repartitionAndSortWithinPartitions(new HashPartitioner(1))
        .keys()
        .collect(),
    expected: numbers.toSorted((a, b) => a - b),
  },
  {
    name: "max and min",
    run: async ns => [await ns.max(), await ns.min(), await ns.max(down)],
    expected: [9, 1, 1],
  },
  {
    name: "sum, mean, variance",
    run: async ns => [
      await ns.sum(),
      await ns.mean(),
      (await ns.variance()).toFixed(4),
      (await ns.stats()).count,
    ],
    expected: [37, 4.625, "8.2344", 8],
  },
  { name: "histogram", run: ns => ns.histogram([1, 3, 9]), expected: [3, 5] },
  {
    name: "histogram with a NaN edge",
    run: ns => ns.map(n => (n > 8 ? Number.NaN : n)).histogram([1, 3, Number.NaN]),
    expected: [3, 5],
  },
  {
    name: "countByKey",
    run: (_, ws) => entries(ws.countByKey()),
    expected: [
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ],
  },
  {
    name: "collectAsMap",
    run: (_, ws) => entries(ws.collectAsMap()),
    expected: [
      ["a", 3],
      ["b", 5],
      ["c", 4],
    ],
  },
  {
    name: "collectAsMap of structured keys",
    run: async (_, ws) => (await ws.map(([word, n]) => [[word], n]).collectAsMap()).size,
    expected: 3,
  },
  {
    name: "lookup, anywhere and where keys are",
    run: async (_, ws) => [
      await ws.lookup("b"),
      await ws.partitionBy(new HashPartitioner(3)).lookup("b"),
      await ws.sortByKey(true, 2).lookup("a"),
      await ws.lookup("z"),
    ],
    expected: [[2, 5], [2, 5], [1, 3], []],
  },
  {
    name: "reduceByKeyLocally",
    run: (_, ws) => entries(ws.reduceByKeyLocally(add)),
    expected: [
      ["a", 4],
      ["b", 7],
      ["c", 4],
    ],
  },
  {
    name: "aggregateByKey gives every key a zero of its own",
    run: (_, ws) =>
      inOrder(
        ws.aggregateByKey(
          [] as number[],
          (list, n) => {
            list.push(n);
            return list;
          },
          (a, b) => a.concat(b),
        ),
      ),
    expected: [
      ["a", [1, 3]],
      ["b", [2, 5]],
      ["c", [4]],
    ],
  },
  {
    name: "foldByKey",
    run: (_, ws) => inOrder(ws.foldByKey(0, add)),
    expected: [
      ["a", 4],
      ["b", 7],
      ["c", 4],
    ],
  },
  {
    name: "countApproxDistinctByKey",
    run: (_, ws) => inOrder(ws.countApproxDistinctByKey()),
    expected: [
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ],
  },
  {
    name: "groupBy",
    run: ns => inOrder(ns.groupBy(n => n > 4)),
    expected: [
      [false, [3, 1, 2, 2]],
      [true, [5, 8, 9, 7]],
    ],
  },
  { name: "intersection", run: ns => inOrder(ns.intersection(ns.filter(n => n < 4))), expected: [1, 2, 3] },
  { name: "subtract", run: ns => inOrder(ns.subtract(ns.filter(n => n > 2))), expected: [1, 2, 2] },
  {
    name: "subtractByKey",
    run: (_, ws) => inOrder(ws.subtractByKey(ws.filter(([word]) => word === "a"))),
    expected: [
      ["b", 2],
      ["b", 5],
      ["c", 4],
    ],
  },
  {
    name: "zipWithIndex",
    run: ns => ns.zipWithIndex().values().collect(),
    expected: numbers.map((_, i) => i),
  },
  {
    name: "zipWithUniqueId",
    run: async ns => new Set(await ns.zipWithUniqueId().values().collect()).size,
    expected: numbers.length,
  },
  {
    name: "zipPartitions with one other",
    run: ns => ns.zipPartitions(ns, (a, b) => [...a, ...b]).count(),
    expected: 16,
  },
  { name: "treeReduce", run: ns => ns.repartition(20).treeReduce(add, 3), expected: 37 },
  {
    name: "treeAggregate",
    run: ns => ns.repartition(20).treeAggregate(0, add, add),
    expected: 37,
  },
  { name: "pipe", run: async ns => (await ns.pipe("cat").collect()).map(Number), expected: numbers },
  {
    name: "pipe with words of its own",
    run: (_, ws) =>
      ws
        .coalesce(1)
        .pipe(["sh", "-c", 'read first; echo "$first $NAME"; cat'], {
          env: { NAME: "x" },
          writeBefore: write => write("head"),
          writeRecord: ([word, n], write) => {
            if (n > 3) write(word);
          },
        })
        .collect(),
    expected: ["head x", "c", "b"],
  },
  {
    name: "toLocalIterator",
    run: async ns => {
      const seen: number[] = [];
      for await (const n of ns.toLocalIterator()) if (seen.push(n) === 5) break;
      return seen;
    },
    expected: [5, 3, 8, 1, 9],
  },
  {
    name: "randomSplit",
    run: async ns =>
      (await Promise.all(ns.randomSplit([1, 2, 1], 3).map(part => part.collect()))).flat().sort(),
    expected: numbers.toSorted((a, b) => a - b),
  },
  {
    name: "takeSample of all",
    run: async ns => (await ns.takeSample(false, 99, 1)).sort(),
    expected: numbers.toSorted(),
  },
  {
    name: "takeSample with replacement",
    run: async ns => (await ns.takeSample(true, 30, 1)).length,
    expected: 30,
  },
  { name: "takeSample of nothing", run: ns => ns.takeSample(false, 0), expected: [] },
  {
    name: "countApprox",
    run: async ns => (await ns.countApprox(60_000)).getFinalValue(),
    expected: { mean: 8, confidence: 1, low: 8, high: 8 },
  },
  {
    name: "sumApprox, meanApprox, countByValueApprox",
    run: async ns => [
      (await (await ns.sumApprox(60_000)).getFinalValue()).mean,
      (await (await ns.meanApprox(60_000)).getFinalValue()).mean.toFixed(3),
      (await (await ns.countByValueApprox(60_000)).getFinalValue()).get(2)?.mean,
    ],
    expected: [37, "4.625", 2],
  },
];

for (const master of ["local", "local[2]", "local[3]"]) {
  const sc = quietContext(master);
  after(() => sc.stop());
  for (const { name, run, expected } of table) {
    test(`${master}: ${name}`, async () => {
      for (const partitions of [1, 2, 4]) {
        const actual = await run(sc.parallelize(numbers, partitions), sc.parallelize(words, partitions));
        assert.deepEqual(actual, expected);
      }
    });
  }

  test(`${master}: the same seed makes the same sample`, async () => {
    const range = sc.range(0, 200, 1, 3);
    const pairs = range.map(n => [n % 2, n]);
    const half = new Map([
      [0, 0.5],
      [1, 0.1],
    ]);
    const samples = [
      await range.sample(false, 0.1, 42).collect(),
      await range.sample(true, 0.1, 42).collect(),
      await range.takeSample(false, 5, 42),
      await range.takeSample(true, 5, 42),
      await pairs.sampleByKey(false, half, 42).values().collect(),
      (await pairs.sampleByKeyExact(false, half, 42).values().collect()).sort((a, b) => a - b),
    ];
    sampleOfEveryEngine ??= samples;
    assert.deepEqual(samples, sampleOfEveryEngine);
    assert.equal(samples[5]?.length, 60);
  });
}
let sampleOfEveryEngine: number[][] | undefined;

const wrong: Readonly<Record<string, (numbers: RDD<number>, words: RDD<[string, number]>) => unknown>> = {
  "MR_BAD_ARGUMENT sample": ns => ns.sample(false, -1),
  "MR_BAD_ARGUMENT randomSplit": ns => ns.randomSplit([0, 0]),
  "MR_BAD_ARGUMENT takeSample": ns => ns.takeSample(false, -1),
  "MR_BAD_ARGUMENT sortBy": ns => ns.sortBy(n => n, true, -1),
  "MR_BAD_ARGUMENT treeReduce": ns => ns.treeReduce(add, 0),
  "MR_BAD_ARGUMENT histogram": ns => ns.histogram(0),
  "MR_BAD_ARGUMENT pipe": ns => ns.pipe(" "),
  "MR_BAD_ARGUMENT countApprox": ns => ns.countApprox(1, 2),
  "MR_BAD_ARGUMENT sampleByKey": (_, ws) => ws.sampleByKey(false, new Map([["a", 1]])).count(),
  "MR_BAD_ARGUMENT zipPartitions": (ns, ws) => ns.repartition(5).zipPartitions(ws, a => a),
  "MR_BAD_ARGUMENT zip": ns => ns.zip(undefined as unknown as RDD<number>),
  "MR_NOT_FINITE histogram": ns => ns.map(n => n / 0).histogram(2),
  "MR_NOT_A_NUMBER mean": (_, ws) => (ws as unknown as RDD<number>).mean(),
  "MR_NOT_A_PAIR sortByKey": ns => (ns as unknown as RDD<[number, number]>).sortByKey(true, 2).count(),
  "MR_NOT_A_PAIR reduceByKey": ns => (ns as unknown as RDD<[number, number]>).reduceByKey(add).count(),
  "MR_NOT_A_PAIR join": ns => (ns as unknown as RDD<[number, number]>).join(ns.map(n => [n, n])).count(),
  "MR_KEY_UNSUPPORTED sortBy": ns => ns.sortBy(n => (n > 100 ? 1 : new Set([n]))).count(),
  "MR_KEY_UNSUPPORTED distinct": ns =>
    ns
      .map(n => new Set([n]))
      .distinct()
      .count(),
  "MR_PARTITIONER partitionBy": (_, ws) => ws.partitionBy(new Nowhere()).count(),
  "MR_EMPTY_COLLECTION max": ns => ns.filter(n => n > 99).max(),
  "MR_PIPE_FAILED pipe": ns => ns.pipe("false").count(),
};
for (const master of ["local", "local[2]"]) {
  test(`${master}: mistakes have codes, and name the operation and the line`, () =>
    withContext(master, async sc => {
      for (const [name, run] of Object.entries(wrong)) {
        const [code, operator] = name.split(" ");
        await assert.rejects(
          async () => run(sc.parallelize(numbers, 2), sc.parallelize(words, 2)),
          { code, operator, site: /wider-operations\.test\.ts:\d+/ },
          name,
        );
      }
    }));
}

test("local: what an action hands out is the program's own", () =>
  withContext("local", async sc => {
    const kept = sc.parallelize([{ n: 1 }, { n: 2 }], 2).cache();
    const grouped = sc
      .parallelize([["a", { n: 1 }]] as [string, { n: number }][])
      .partitionBy(new HashPartitioner(2));
    for (const take of [
      () => kept.collect(),
      () => kept.take(2),
      () => kept.takeOrdered(2),
      () =>
        kept
          .glom()
          .collect()
          .then(parts => parts.flat()),
      () => grouped.values().collect(),
      () => grouped.collectAsMap().then(map => [...map.values()]),
      () => grouped.lookup("a"),
    ]) {
      for (const record of await take()) record.n = 99;
      assert.ok((await take()).every(({ n }) => n < 99));
    }
  }));
