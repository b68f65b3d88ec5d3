import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SparkConf } from "../common/conf/index.ts";
import { HashPartitioner, Partitioner } from "../plan/index.ts";
import { defaultPartitioner } from "./default-partitioner.ts";
import { quietContext, withContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";
import { SparkContext } from "./spark-context.ts";

class ByFirst extends Partitioner {
  override readonly numPartitions: number = 2;
  override getPartition(key: unknown): number {
    return String(key) < "b" ? 0 : 1;
  }
}

/** An input of a number of partitions, hashed into them or not. */
const input = (sc: SparkContext, partitions: number, hashed: number | undefined) => {
  const pairs: RDD<[string, number]> = sc.parallelize([["a", 1]], partitions);
  return (hashed === undefined ? pairs : pairs.partitionBy(new HashPartitioner(hashed))).plan;
};

const rules: readonly (readonly [
  name: string,
  inputs: readonly (readonly [partitions: number, hashed?: number])[],
  parallelism: number | undefined,
  expected: number,
])[] = [
  ["as many as the largest input has", [[3], [5]], undefined, 5],
  ["spark.default.parallelism goes before that", [[3], [5]], 7, 7],
  ["an input's own partitioner goes before both", [[3, 3], [5]], 7, 3],
  ["the one with most partitions", [[3, 3], [4, 4], [5]], undefined, 4],
  ["not when it is ten times too coarse", [[2, 2], [20]], undefined, 20],
  ["just not ten times", [[3, 3], [29]], undefined, 3],
  ["coarse, but not coarser than the default", [[2, 2], [20]], 2, 2],
  ["one input alone", [[6]], undefined, 6],
];

test("the default partitioner", () =>
  withContext("local", sc => {
    for (const [name, inputs, parallelism, expected] of rules) {
      const nodes = inputs.map(([partitions, hashed]) => input(sc, partitions, hashed));
      assert.equal(defaultPartitioner(nodes, parallelism).numPartitions, expected, name);
    }
    assert.equal(defaultPartitioner([sc.emptyRDD().plan], undefined).numPartitions, 0);
  }));

test("spark.default.parallelism decides partitions of collections and shuffles", async () => {
  const conf = new SparkConf().setMaster("local").setAppName("t").set("spark.default.parallelism", "3");
  await using sc = new SparkContext(conf);
  assert.deepEqual([sc.defaultParallelism, sc.defaultMinPartitions], [3, 2]);
  assert.equal(sc.parallelize([1]).getNumPartitions(), 3);
  assert.equal(
    sc
      .parallelize([1], 5)
      .map(n => [n, n])
      .reduceByKey(a => a)
      .getNumPartitions(),
    3,
  );
});

test("which operations keep the partitioner", () =>
  withContext("local", sc => {
    const by = new HashPartitioner(3);
    const pairs = sc.parallelize([["a", 1]] as [string, number][], 2).partitionBy(by);
    const same = (rdd: RDD<unknown>) => rdd.partitioner?.equals(by) === true;
    const kept: Record<string, RDD<unknown>> = {
      filter: pairs.filter(() => true),
      mapValues: pairs.mapValues(n => n),
      flatMapValues: pairs.flatMapValues(n => [n]),
      reduceByKey: pairs.reduceByKey(a => a),
      groupByKey: pairs.groupByKey(),
      join: pairs.join(pairs),
      leftOuterJoin: pairs.leftOuterJoin(sc.parallelize([["a", 1]] as [string, number][])),
      cogroup: pairs.cogroup(pairs),
      union: pairs.union(pairs.mapValues(n => n)),
      "union with nothing": pairs.union(sc.emptyRDD()),
      distinct: pairs.distinct(),
      "distinct into as many": pairs.distinct(3),
      "mapPartitions that says so": pairs.mapPartitions(xs => xs, true),
      "mapPartitionsWithIndex that says so": pairs.mapPartitionsWithIndex((_, xs) => xs, true),
      zipPartitions: pairs.zipPartitions([pairs], (xs, _) => xs, true),
      localCheckpoint: pairs.localCheckpoint(),
    };
    const lost: Record<string, RDD<unknown>> = {
      map: pairs.map(x => x),
      flatMap: pairs.flatMap(x => [x]),
      keyBy: pairs.keyBy(x => x[0]),
      keys: pairs.keys(),
      mapPartitions: pairs.mapPartitions(xs => xs),
      "union with others": pairs.union(sc.parallelize([["a", 1]] as [string, number][])),
      "distinct into fewer": pairs.distinct(2),
      coalesce: pairs.coalesce(2),
      repartition: pairs.repartition(3),
      cartesian: pairs.cartesian(pairs),
      zip: pairs.zip(pairs),
      glom: pairs.glom(),
    };
    for (const [name, rdd] of Object.entries(kept)) assert.ok(same(rdd), name);
    for (const [name, rdd] of Object.entries(lost)) assert.ok(!same(rdd), name);
    assert.equal(pairs.partitionBy(new HashPartitioner(3)), pairs);
    assert.equal(pairs.union(pairs).getNumPartitions(), 3);
  }));

test("partitioners are equal when they send every key to the same place", () => {
  class Shifted extends HashPartitioner {
    override getPartition(key: unknown): number {
      return (super.getPartition(key) + 1) % this.numPartitions;
    }
  }
  const own = new ByFirst();
  const table: readonly (readonly [Partitioner, Partitioner, boolean])[] = [
    [new HashPartitioner(3), new HashPartitioner(3), true],
    [new HashPartitioner(3), new HashPartitioner(4), false],
    [new HashPartitioner(3), new Shifted(3), false],
    [new Shifted(3), new HashPartitioner(3), false],
    [new Shifted(3), new Shifted(3), true],
    [own, own, true],
    [own, new ByFirst(), false],
    [own, new HashPartitioner(2), false],
  ];
  for (const [a, b, expected] of table) assert.equal(a.equals(b), expected);
});

test("a hash partitioner takes every key, and refuses odd counts", () => {
  const partitioner = new HashPartitioner(5);
  for (const key of ["a", 1, -0, Number.NaN, null, undefined, true, [1, "a"], { a: 1 }, new Date(3), 7n]) {
    const partition = partitioner.getPartition(key);
    assert.ok(Number.isInteger(partition) && partition >= 0 && partition < 5);
  }
  assert.deepEqual([partitioner.getPartition(null), partitioner.getPartition(undefined)], [0, 0]);
  for (const count of [-1, 0.5, Number.NaN]) {
    assert.throws(() => new HashPartitioner(count), { code: "MR_BAD_ARGUMENT" });
  }
});

for (const master of ["local", "local[2]"]) {
  const shared = quietContext(master);
  after(() => shared.stop());
  const onShared = (body: (sc: SparkContext) => Promise<void>) => body(shared);

  test(`${master}: a partitioner of the user's own places the keys, and its errors name the operation`, () =>
    onShared(async sc => {
      const pairs: RDD<[string, number]> = sc.parallelize(["ant", "zoo", "auk"], 2).map(w => [w, 1]);
      assert.deepEqual(await pairs.partitionBy(new ByFirst()).keys().glom().collect(), [
        ["ant", "auk"],
        ["zoo"],
      ]);
      class Wrong extends ByFirst {
        override getPartition(): number {
          return 2;
        }
      }
      for (const rdd of [pairs.partitionBy(new Wrong()), pairs.reduceByKey((a, b) => a + b, new Wrong())]) {
        await assert.rejects(rdd.collect(), { code: "MR_PARTITIONER", operator: rdd.plan.operator });
      }
    }));
}

test("repartition spreads evenly, coalesce joins neighbours", () =>
  withContext("local", async sc => {
    const sizes = async (rdd: RDD<number>) => (await rdd.glom().collect()).map(part => part.length);
    const ten = sc.parallelize(
      Array.from({ length: 10 }, (_, i) => i),
      10,
    );
    assert.deepEqual(await sizes(ten.coalesce(3)), [3, 3, 4]);
    assert.deepEqual(await sizes(ten.coalesce(20)), Array(10).fill(1));
    const spread = await sizes(sc.range(0, 1000, 1, 2).repartition(4));
    assert.ok(
      spread.every(size => size >= 240 && size <= 260),
      String(spread),
    );
    for (const count of [0, -1, 1.5, Number.NaN]) {
      assert.throws(() => ten.coalesce(count), {
        code: "MR_BAD_ARGUMENT",
        message: /Number of partitions \(.*\) must be positive/,
      });
    }
  }));
