import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HashPartitioner } from "../plan/index.ts";
import { quietContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";

/** Every operation on the same data, in 1 to 4 partitions, on every engine; compared without regard to order. */
interface Row {
  readonly name: string;
  readonly run: (numbers: RDD<number>, words: RDD<readonly [string, number]>) => unknown;
  readonly expected: unknown;
  /** The order is part of the answer. */
  readonly isOrdered?: boolean;
}

const numbers = [5, 3, 8, 1, 9, 2, 2, 7];
const words: readonly (readonly [string, number])[] = [
  ["a", 1],
  ["b", 2],
  ["a", 3],
  ["c", 4],
  ["b", 5],
  ["a", 6],
];

const others = (words: RDD<readonly [string, number]>) =>
  words
    .filter(([word]) => word !== "c")
    .map(([word, n]): [string, string] => [word === "b" ? "d" : word, `${n}!`]);

const table: readonly Row[] = [
  {
    name: "map",
    run: ns => ns.map(n => n * 2).collect(),
    expected: [10, 6, 16, 2, 18, 4, 4, 14],
    isOrdered: true,
  },
  {
    name: "map to pairs",
    run: ns =>
      ns
        .map(n => [n % 2, n])
        .values()
        .collect(),
    expected: numbers,
    isOrdered: true,
  },
  { name: "filter", run: ns => ns.filter(n => n > 4).collect(), expected: [5, 8, 9, 7], isOrdered: true },
  { name: "filter to nothing", run: ns => ns.filter(() => false).collect(), expected: [] },
  {
    name: "flatMap",
    run: ns => ns.flatMap(n => (n > 7 ? [n, -n] : [])).collect(),
    expected: [8, -8, 9, -9],
    isOrdered: true,
  },
  {
    name: "flatMap of a generator",
    run: ns =>
      ns
        .flatMap(function* (n) {
          if (n > 8) yield* [n, n];
        })
        .collect(),
    expected: [9, 9],
    isOrdered: true,
  },
  {
    name: "mapPartitions",
    run: ns => ns.mapPartitions(xs => [Array.from(xs).length]).reduce((a, b) => a + b),
    expected: 8,
  },
  {
    name: "mapPartitions of a generator",
    run: ns =>
      ns
        .mapPartitions(function* (xs) {
          for (const x of xs) yield x + 1;
        })
        .collect(),
    expected: numbers.map(n => n + 1),
    isOrdered: true,
  },
  {
    name: "mapPartitions, async",
    run: ns => ns.mapPartitions(async xs => Array.from(xs)).collect(),
    expected: numbers,
    isOrdered: true,
  },
  {
    name: "mapPartitions of an async generator",
    run: ns =>
      ns
        .mapPartitions(async function* (xs) {
          yield* xs;
        })
        .collect(),
    expected: numbers,
    isOrdered: true,
  },
  {
    name: "mapPartitionsWithIndex",
    run: ns => ns.mapPartitionsWithIndex((i, xs) => Array.from(xs, x => x + 0 * i)).collect(),
    expected: numbers,
    isOrdered: true,
  },
  {
    name: "glom",
    run: ns =>
      ns
        .glom()
        .flatMap(xs => [...xs])
        .collect(),
    expected: numbers,
    isOrdered: true,
  },
  { name: "union", run: ns => ns.union(ns).collect(), expected: [...numbers, ...numbers], isOrdered: true },
  {
    name: "union of several",
    run: ns => ns.context.union([ns, ns.filter(() => false), ns]).count(),
    expected: 16,
  },
  { name: "distinct", run: ns => ns.distinct().collect(), expected: [5, 3, 8, 1, 9, 2, 7] },
  { name: "distinct into one", run: ns => ns.distinct(1).count(), expected: 7 },
  {
    name: "distinct by value",
    run: ns =>
      ns
        .map(n => ({ odd: n % 2 }))
        .distinct()
        .collect(),
    expected: [{ odd: 1 }, { odd: 0 }],
  },
  {
    name: "distinct pairs in place",
    run: (_, ws) =>
      ws
        .mapValues(() => 0)
        .partitionBy(new HashPartitioner(2))
        .distinct()
        .collect(),
    expected: [
      ["a", 0],
      ["b", 0],
      ["c", 0],
    ],
  },
  { name: "repartition", run: ns => ns.repartition(3).collect(), expected: numbers },
  { name: "coalesce", run: ns => ns.coalesce(2).collect(), expected: numbers, isOrdered: true },
  {
    name: "cartesian",
    run: ns =>
      ns
        .filter(n => n > 7)
        .cartesian(ns.filter(n => n < 3))
        .collect(),
    expected: [
      [8, 1],
      [8, 2],
      [8, 2],
      [9, 1],
      [9, 2],
      [9, 2],
    ],
  },
  {
    name: "zip",
    run: ns => ns.zip(ns.map(n => -n)).collect(),
    expected: numbers.map(n => [n, -n]),
    isOrdered: true,
  },
  { name: "zipPartitions", run: ns => ns.zipPartitions([ns], (a, b) => [...a, ...b]).count(), expected: 16 },
  {
    name: "mapValues",
    run: (_, ws) => ws.mapValues(n => n + 1).collect(),
    expected: words.map(([w, n]) => [w, n + 1]),
    isOrdered: true,
  },
  {
    name: "flatMapValues",
    run: (_, ws) => ws.flatMapValues(n => (n > 4 ? [n, n] : [])).collect(),
    expected: [
      ["b", 5],
      ["b", 5],
      ["a", 6],
      ["a", 6],
    ],
    isOrdered: true,
  },
  { name: "keys", run: (_, ws) => ws.keys().collect(), expected: words.map(w => w[0]), isOrdered: true },
  { name: "values", run: (_, ws) => ws.values().collect(), expected: words.map(w => w[1]), isOrdered: true },
  {
    name: "reduceByKey",
    run: (_, ws) => ws.reduceByKey((a, b) => a + b).collect(),
    expected: [
      ["a", 10],
      ["b", 7],
      ["c", 4],
    ],
  },
  {
    name: "reduceByKey into more",
    run: (_, ws) => ws.reduceByKey((a, b) => Math.max(a, b), 5).collect(),
    expected: [
      ["a", 6],
      ["b", 5],
      ["c", 4],
    ],
  },
  {
    name: "groupByKey",
    run: (_, ws) =>
      ws
        .groupByKey()
        .mapValues(ns => ns.sort())
        .collect(),
    expected: [
      ["a", [1, 3, 6]],
      ["b", [2, 5]],
      ["c", [4]],
    ],
  },
  {
    name: "combineByKey",
    run: (_, ws) =>
      ws
        .combineByKey(
          n => [n],
          (list, n) => [...list, n],
          (a, b) => [...a, ...b],
        )
        .mapValues(ns => ns.sort())
        .collect(),
    expected: [
      ["a", [1, 3, 6]],
      ["b", [2, 5]],
      ["c", [4]],
    ],
  },
  {
    name: "combineByKey on the reducers only",
    run: (_, ws) =>
      ws
        .combineByKey(
          n => `${n}`,
          (text, n) => text + n,
          (a, b) => `${a}-${b}`,
          2,
          false,
        )
        .mapValues(text => text.length)
        .collect(),
    expected: [
      ["a", 3],
      ["b", 2],
      ["c", 1],
    ],
  },
  {
    name: "keys of different types",
    run: ns =>
      ns
        .map(n => [n > 4 ? "1" : 1, 1])
        .reduceByKey((a, b) => a + b)
        .collect(),
    expected: [
      ["1", 4],
      [1, 4],
    ],
  },
  {
    name: "keys by value",
    run: ns =>
      ns
        .map(n => [[n % 2, "x"], n])
        .reduceByKey((a, b) => a + b)
        .collect(),
    expected: [
      [[1, "x"], 25],
      [[0, "x"], 12],
    ],
  },
  { name: "partitionBy", run: (_, ws) => ws.partitionBy(new HashPartitioner(3)).collect(), expected: words },
  {
    name: "reduceByKey in place",
    run: (_, ws) =>
      ws
        .partitionBy(new HashPartitioner(3))
        .reduceByKey((a, b) => a + b)
        .collect(),
    expected: [
      ["a", 10],
      ["b", 7],
      ["c", 4],
    ],
  },
  {
    name: "cogroup",
    run: (_, ws) =>
      ws
        .cogroup(others(ws))
        .mapValues(([a, b]) => [a.sort(), b.sort()])
        .collect(),
    expected: [
      [
        "a",
        [
          [1, 3, 6],
          ["1!", "3!", "6!"],
        ],
      ],
      ["b", [[2, 5], []]],
      ["c", [[4], []]],
      ["d", [[], ["2!", "5!"]]],
    ],
  },
  {
    name: "join",
    run: (_, ws) =>
      ws
        .join(others(ws))
        .filter(([, [n]]) => n < 4)
        .collect(),
    expected: [
      ["a", [1, "1!"]],
      ["a", [1, "3!"]],
      ["a", [1, "6!"]],
      ["a", [3, "1!"]],
      ["a", [3, "3!"]],
      ["a", [3, "6!"]],
    ],
  },
  {
    name: "leftOuterJoin",
    run: (_, ws) =>
      ws
        .leftOuterJoin(others(ws))
        .filter(([k]) => k !== "a")
        .collect(),
    expected: [
      ["b", [2, undefined]],
      ["b", [5, undefined]],
      ["c", [4, undefined]],
    ],
  },
  {
    name: "rightOuterJoin",
    run: (_, ws) =>
      ws
        .rightOuterJoin(others(ws))
        .filter(([k]) => k !== "a")
        .collect(),
    expected: [
      ["d", [undefined, "2!"]],
      ["d", [undefined, "5!"]],
    ],
  },
  {
    name: "fullOuterJoin",
    run: (_, ws) => ws.fullOuterJoin(others(ws)).keys().distinct().collect(),
    expected: ["a", "b", "c", "d"],
  },
  {
    name: "cache, read twice",
    run: async ns => {
      const kept = ns.map(n => n + 1).cache();
      return [await kept.count(), await kept.count()];
    },
    expected: [8, 8],
  },
  {
    name: "localCheckpoint",
    run: async ns => {
      const kept = ns.localCheckpoint();
      await kept.count();
      return kept.map(n => n + 1).collect();
    },
    expected: numbers.map(n => n + 1),
    isOrdered: true,
  },
  {
    name: "localCheckpoint marks the RDD itself, once, and what was built on it",
    run: async ns => {
      const drawn = ns.map(() => Math.random()).cache();
      const built = drawn.map(n => n);
      await drawn.count();
      const isItself = drawn.localCheckpoint() === drawn;
      const once = await drawn.collect();
      drawn.localCheckpoint();
      const again = await built.collect();
      const { useDisk } = drawn.getStorageLevel();
      return [
        isItself,
        useDisk,
        drawn.isCheckpointed,
        drawn.dependencies.length,
        String(once) === String(again),
      ];
    },
    expected: [true, false, true, 0, true],
    isOrdered: true,
  },
  { name: "count", run: ns => ns.count(), expected: 8 },
  { name: "take", run: ns => ns.take(3), expected: [5, 3, 8], isOrdered: true },
  { name: "take more than there is", run: ns => ns.take(100), expected: numbers, isOrdered: true },
  { name: "take past empty partitions", run: ns => ns.filter(n => n === 7).take(1), expected: [7] },
  { name: "take nothing", run: ns => ns.take(0), expected: [] },
  { name: "first", run: ns => ns.first(), expected: 5 },
  { name: "first of nothing but undefined", run: ns => ns.map(() => undefined).first(), expected: undefined },
  {
    name: "isEmpty",
    run: async ns => [await ns.isEmpty(), await ns.filter(n => n > 100).isEmpty()],
    expected: [false, true],
    isOrdered: true,
  },
  { name: "reduce", run: ns => ns.reduce((a, b) => a + b), expected: 37 },
  { name: "fold", run: ns => ns.fold(0, (a, b) => a + b), expected: 37 },
  {
    name: "aggregate",
    run: ns =>
      ns.aggregate(
        [] as number[],
        (list, n) => {
          list.push(n);
          return list;
        },
        (a, b) => a.concat(b),
      ),
    expected: numbers,
    isOrdered: true,
  },
  {
    name: "countByValue",
    run: async ns => [...(await ns.map(n => n % 3).countByValue())],
    expected: [
      [2, 5],
      [0, 2],
      [1, 2],
    ].map(([k], i) => [k, [4, 2, 2][i]]),
  },
  { name: "takeOrdered", run: ns => ns.takeOrdered(3), expected: [1, 2, 2], isOrdered: true },
  {
    name: "takeOrdered by a function",
    run: ns => ns.takeOrdered(2, (a, b) => (a % 5) - (b % 5) || a - b),
    expected: [5, 1],
    isOrdered: true,
  },
  { name: "top", run: ns => ns.top(2), expected: [9, 8], isOrdered: true },
  { name: "top of nothing", run: ns => ns.top(0), expected: [] },
  { name: "foreach", run: ns => ns.foreach(n => n), expected: undefined },
  {
    name: "foreachPartition",
    run: ns => ns.foreachPartition(async xs => void Array.from(xs)),
    expected: undefined,
  },
];

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const text = (item: unknown) => JSON.stringify(item, (_, x) => (x === undefined ? "undefined" : x));
  return value.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

for (const master of ["local", "local[2]", "local[3]"]) {
  const sc = quietContext(master);
  after(() => sc.stop());
  for (const { name, run, expected, isOrdered } of table) {
    test(`${master}: ${name}`, async () => {
      for (const partitions of [1, 2, 3, 4]) {
        const actual = await run(sc.parallelize(numbers, partitions), sc.parallelize(words, partitions));
        if (isOrdered === true) assert.deepEqual(actual, expected);
        else assert.deepEqual(sorted(actual), sorted(expected));
      }
    });
  }

  test(`${master}: empty RDDs, with and without partitions`, async () => {
    const empties: readonly RDD<readonly [string, number]>[] = [
      sc.emptyRDD(),
      sc.parallelize<[string, number]>([], 3),
      sc.parallelize(words).filter(() => false),
    ];
    const full = sc.parallelize(words);
    for (const empty of empties) {
      const results = await Promise.all([
        empty.collect(),
        empty.map(x => x).collect(),
        empty.distinct().collect(),
        empty.reduceByKey((a, b) => a + b).collect(),
        empty.groupByKey().collect(),
        empty.join(full).collect(),
        full.join(empty).collect(),
        empty.repartition(2).collect(),
        empty.coalesce(2).collect(),
        empty.union(empty).collect(),
        empty
          .glom()
          .flatMap(x => [...x])
          .collect(),
        empty.cartesian(full).collect(),
        empty.zip(empty).collect(),
        empty.cache().collect(),
        empty.localCheckpoint().collect(),
        empty.take(3),
        empty.top(3),
      ]);
      for (const result of results) assert.deepEqual(result, []);
      assert.deepEqual([await empty.count(), await empty.isEmpty()], [0, true]);
      assert.equal(await empty.values().fold(0, (a, b) => a + b), 0);
      assert.equal((await empty.countByValue()).size, 0);
      await assert.rejects(
        empty.reduce(a => a),
        { code: "MR_EMPTY_COLLECTION" },
      );
      await assert.rejects(empty.first(), { code: "MR_EMPTY_COLLECTION", operator: "first" });
      assert.deepEqual(sorted(await full.leftOuterJoin(empty).keys().collect()), [
        "a",
        "a",
        "a",
        "b",
        "b",
        "c",
      ]);
    }
  });
}
