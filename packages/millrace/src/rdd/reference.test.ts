import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../common/conf/index.ts";
import { HashPartitioner, RangePartitioner } from "../plan/index.ts";
import { defaultPartitioner } from "./default-partitioner.ts";
import { withContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";
import { SparkContext } from "./spark-context.ts";

// Reference cases that are told in words.

const pairs = (rdd: RDD<number>) => rdd.map(n => [n, n]);

test("a union of RDDs with one partitioner merges their partitions [case 718]", () =>
  withContext("local", async sc => {
    const partitioner = new HashPartitioner(2);
    const low = pairs(sc.range(1, 5)).partitionBy(partitioner);
    const high = pairs(sc.range(5, 9)).partitionBy(partitioner);
    const both = sc.union([low, sc.emptyRDD<[number, number]>(), high]);
    assert.ok(both.partitioner?.equals(partitioner));
    const [a, b] = [await low.glom().collect(), await high.glom().collect()];
    assert.deepEqual(
      await both.glom().collect(),
      [0, 1].map(i => [...(a[i] ?? []), ...(b[i] ?? [])]),
    );
    assert.equal(sc.union([low, pairs(sc.range(0, 1))]).partitioner, undefined);
    assert.equal(sc.union([sc.emptyRDD(), sc.emptyRDD()]).getNumPartitions(), 0);
  }));

test("distinct keeps a partitioner when the number of partitions stays [case 719]", () =>
  withContext("local", sc => {
    const sorted = pairs(sc.range(0, 20, 1, 3)).sortByKey();
    assert.equal(sorted.distinct().partitioner, sorted.partitioner);
    assert.notEqual(sorted.distinct(5).partitioner, sorted.partitioner);
  }));

test("distinct values are counted within the wanted deviation [case 720]", () =>
  withContext("local", async sc => {
    const values = sc.range(0, 5000, 1, 4).map(n => n % 1000);
    for (const [relativeSD, limit] of [
      [0.065, 0.2],
      [0.0165, 0.1],
      [0.02, 0.1],
      [0.5, 0.22],
    ] as const) {
      const error = Math.abs((await values.countApproxDistinct(relativeSD)) / 1000 - 1);
      assert.ok(error < limit, `${relativeSD}: ${error}`);
    }
  }));

test("as many partitions as the input has by default [case 753]", () =>
  withContext("local", sc => {
    const grouped = pairs(sc.parallelize([1, 2, 3, 4], 2000)).groupByKey();
    assert.equal(grouped.getNumPartitions(), 2000);
  }));

test("spark.default.parallelism decides where no input has a partitioner [case 757]", async () => {
  const conf = new SparkConf().setMaster("local").setAppName("test").set("spark.default.parallelism", 4);
  await using sc = new SparkContext(conf);
  const [left, right] = [pairs(sc.range(0, 5, 1, 20)), pairs(sc.range(0, 5, 1, 10))];
  assert.equal(left.cogroup(right).getNumPartitions(), 4);
});

test("a partitioner that is not far too coarse is taken [case 762]", () =>
  withContext("local", sc => {
    const placed = pairs(sc.range(0, 5)).partitionBy(new HashPartitioner(100));
    const other = pairs(sc.range(0, 5, 1, 150));
    assert.equal(defaultPartitioner([placed.plan, other.plan], undefined).numPartitions, 100);
  }));

test("few keys make few ranges [case 777]", () =>
  withContext("local", async sc => {
    const partitioner = await RangePartitioner.create(22, pairs(sc.parallelize([1, 2, 3], 2)));
    assert.equal(partitioner.numPartitions, 3);
    const empty = await RangePartitioner.create(22, pairs(sc.parallelize<number>([])));
    assert.equal(empty.numPartitions, 1);
  }));

test("what keeps a partitioner, and which one is taken [case 778]", () =>
  withContext("local", sc => {
    const plain = pairs(sc.range(0, 8, 1, 3));
    const two = plain.reduceByKey((a, b) => a + b, 2);
    const four = plain.groupByKey(4);
    const isHash = (rdd: RDD<never> | RDD<unknown>, n: number) =>
      assert.ok((rdd as RDD<unknown>).partitioner?.equals(new HashPartitioner(n)));
    isHash(two, 2);
    isHash(four, 4);
    isHash(two.groupByKey(), 2);
    isHash(two.groupByKey(3), 3);
    for (const both of [two.join(four), two.leftOuterJoin(four), two.rightOuterJoin(four), two.cogroup(four)])
      isHash(both, 4);
    assert.equal(two.map(pair => pair).partitioner, undefined);
    isHash(
      two.mapValues(n => n),
      2,
    );
    isHash(
      two.flatMapValues(n => [n]),
      2,
    );
    isHash(
      two.filter(() => true),
      2,
    );
  }));

test("more partitions than there are elements to sort [case 785]", () =>
  withContext("local", async sc => {
    const shuffled = [7, 2, 9, 4, 0, 8, 1, 6, 3, 5];
    const sorted = pairs(sc.parallelize(shuffled, 2)).sortByKey(true, 30);
    assert.equal(sorted.getNumPartitions(), 30);
    assert.deepEqual(await sorted.keys().collect(), shuffled.toSorted());
  }));

test("a histogram of a huge range [case 816]", () =>
  withContext("local", async sc => {
    const [, counts] = await sc.parallelize([0, 1e24, 1e30]).histogram(1_000_000);
    assert.equal(counts.length, 1_000_000);
    assert.deepEqual([counts[0], counts[1], counts.at(-1)], [1, 1, 1]);
    assert.equal(
      counts.reduce((a, b) => a + b),
      3,
    );
  }));
