import assert from "node:assert/strict";
import { test } from "node:test";
import { StorageLevel } from "../plan/index.ts";
import { quietContext, withContext } from "./fixtures/contexts.ts";

test("transformations only describe: nothing runs before an action", () =>
  withContext("local", async sc => {
    let calls = 0;
    const counted = sc.parallelize([1, 2, 3], 3).map(n => {
      calls += 1;
      return n;
    });
    const sum = counted
      .map(n => [n, n])
      .reduceByKey((a, b) => a + b)
      .repartition(2);
    assert.equal(calls, 0);
    await sum.count();
    assert.equal(calls, 3);
  }));

test("take looks at one partition first and then at four times as many", () =>
  withContext("local", async sc => {
    const seen: number[] = [];
    const traced = sc
      .parallelize(
        Array.from({ length: 32 }, (_, i) => i),
        32,
      )
      .mapPartitionsWithIndex((i, xs) => {
        seen.push(i);
        return xs;
      });
    const table: readonly (readonly [limit: number, minimum: number, looked: number])[] = [
      [1, 0, 1],
      [1, 3, 5],
      [3, 5, 21],
      [1, 100, 32],
    ];
    for (const [limit, minimum, looked] of table) {
      seen.length = 0;
      const taken = await traced.filter(n => n >= minimum).take(limit);
      assert.deepEqual(
        taken,
        Array.from({ length: minimum < 32 ? limit : 0 }, (_, i) => minimum + i),
      );
      assert.equal(seen.length, looked);
    }
  }));

test("take leaves an endless partition", () =>
  withContext("local", async sc => {
    const endless = sc.parallelize([0], 1).mapPartitions(function* () {
      for (let i = 0; ; i++) yield i;
    });
    assert.deepEqual(await endless.map(n => n * 2).take(3), [0, 2, 4]);
    assert.equal(await endless.first(), 0);
    assert.equal(await endless.isEmpty(), false);
  }));

test("counts that make no sense are refused", () =>
  withContext("local", async sc => {
    const rdd = sc.parallelize([3, 1, 2], 2);
    for (const count of [-1, 1.5, Number.NaN]) {
      await assert.rejects(rdd.take(count), { code: "MR_BAD_ARGUMENT", operator: "take" });
      await assert.rejects(rdd.takeOrdered(count), { code: "MR_BAD_ARGUMENT", operator: "takeOrdered" });
      await assert.rejects(rdd.top(count), { code: "MR_BAD_ARGUMENT", operator: "top" });
    }
    assert.deepEqual(await rdd.take(Number.POSITIVE_INFINITY), [3, 1, 2]);
  }));

test("a level of keeping is chosen once", () =>
  withContext("local", sc => {
    const rdd = sc.parallelize([1]);
    assert.equal(rdd.getStorageLevel(), StorageLevel.NONE);
    assert.equal(rdd.persist(StorageLevel.MEMORY_AND_DISK), rdd);
    rdd.persist(StorageLevel.MEMORY_AND_DISK);
    assert.throws(() => rdd.cache(), { code: "MR_STORAGE_LEVEL", name: "UnsupportedOperationException" });
    assert.equal(rdd.unpersist().cache().getStorageLevel(), StorageLevel.MEMORY_ONLY);
  }));

for (const [level, description] of [
  [StorageLevel.MEMORY_ONLY, "Memory Deserialized 1x Replicated"],
  [StorageLevel.MEMORY_AND_DISK_SER_2, "Disk Memory Serialized 2x Replicated"],
  [StorageLevel.OFF_HEAP, "Disk Memory (off heap) Serialized 1x Replicated"],
  [StorageLevel.DISK_ONLY_3, "Disk Serialized 3x Replicated"],
] as const) {
  test(`describes itself: ${description}`, () => {
    assert.equal(level.description, description);
    assert.equal(String(level), `StorageLevel(${description})`);
  });
}

test("zips that do not fit are refused, at once or when they run", () =>
  withContext("local", async sc => {
    const [two, three] = [sc.parallelize([1, 2, 3], 2), sc.parallelize([1, 2, 3], 3)];
    assert.throws(() => two.zip(three), {
      code: "MR_BAD_ARGUMENT",
      operator: "zip",
      message: /unequal numbers of partitions/,
    });
    assert.throws(() => two.zipPartitions([three], (a, _) => a), { code: "MR_BAD_ARGUMENT" });
    for (const other of [sc.parallelize([1, 2], 2), sc.parallelize([1, 2, 3, 4], 2)]) {
      await assert.rejects(two.zip(other).collect(), { code: "MR_ZIP_UNEQUAL", operator: "zip" });
    }
  }));

test("pair operations on what is no pair name the operation and the line", () =>
  withContext("local", async sc => {
    const noPairs = sc.parallelize([1, 2]) as unknown as ReturnType<typeof sc.parallelize<[string, number]>>;
    for (const rdd of [
      noPairs.mapValues(n => n),
      noPairs.flatMapValues(n => [n]),
      noPairs.reduceByKey(a => a),
      noPairs.groupByKey(),
      noPairs.map(x => x).groupByKey(),
    ]) {
      await assert.rejects(rdd.collect(), {
        code: "MR_NOT_A_PAIR",
        operator: rdd.plan.operator,
        site: /^rdd\.test\.ts:\d+$/,
      });
    }
    await assert.rejects(noPairs.join(noPairs).collect(), { code: "MR_NOT_A_PAIR" });
  }));

test("what a function throws on the driver is a coded error too", () =>
  withContext("local", async sc => {
    const fail = (): never => {
      throw new RangeError("mine");
    };
    const rdd = sc.parallelize([1, 2], 2);
    for (const action of [
      rdd.reduce(fail),
      rdd.fold(0, fail),
      rdd.aggregate<number>(0, (a, b) => a + b, fail),
      rdd.takeOrdered(2, fail),
    ]) {
      await assert.rejects(action, (error: Error) => {
        assert.equal((error as Error & { code: string }).code, "MR_TASK_FAILED");
        return error.cause instanceof RangeError;
      });
    }
  }));

test("after stop every operation says so", async () => {
  const sc = quietContext("local");
  const pairs = sc.parallelize([["a", 1]] as [string, number][]);
  const other = pairs.partitionBy(pairs.reduceByKey(a => a).partitioner as never);
  await Promise.all([sc.stop(), sc.stop()]);
  assert.equal(sc.isStopped, true);
  const isStopped = { code: "MR_CONTEXT_STOPPED", name: "IllegalStateException" };
  const immediate: readonly (() => unknown)[] = [
    () => sc.parallelize([1]),
    () => sc.makeRDD([1]),
    () => sc.range(0, 1),
    () => sc.emptyRDD(),
    () => sc.textFile("/"),
    () => sc.union([]),
    () => sc.blocks([]),
    () => pairs.map(x => x),
    () => pairs.filter(() => true),
    () => pairs.flatMap(x => [x]),
    () => pairs.keyBy(x => x),
    () => pairs.mapPartitions(x => x),
    () => pairs.mapPartitionsWithIndex((_, x) => x),
    () => pairs.glom(),
    () => pairs.union(pairs),
    () => pairs.distinct(),
    () => pairs.repartition(1),
    () => pairs.coalesce(1),
    () => pairs.zip(pairs),
    () => pairs.cartesian(pairs),
    () => pairs.mapValues(x => x),
    () => pairs.flatMapValues(() => []),
    () => pairs.keys(),
    () => pairs.values(),
    () => pairs.reduceByKey(a => a),
    () => pairs.groupByKey(),
    () =>
      pairs.combineByKey(
        a => a,
        a => a,
        a => a,
      ),
    () => other.partitionBy(other.partitioner as never),
    () => pairs.cogroup(pairs),
    () => pairs.join(pairs),
    () => pairs.leftOuterJoin(pairs),
    () => pairs.rightOuterJoin(pairs),
    () => pairs.fullOuterJoin(pairs),
    () => pairs.localCheckpoint(),
  ];
  for (const call of immediate) assert.throws(call, isStopped, String(call));
  const later: readonly (() => Promise<unknown>)[] = [
    () => pairs.collect(),
    () => pairs.count(),
    () => pairs.take(1),
    () => pairs.first(),
    () => pairs.isEmpty(),
    () => pairs.reduce(a => a),
    () => pairs.fold(["", 0], a => a),
    () =>
      pairs.aggregate(
        0,
        a => a,
        a => a,
      ),
    () => pairs.foreach(() => {}),
    () => pairs.foreachPartition(() => {}),
    () => pairs.countByValue(),
    () => pairs.takeOrdered(1),
    () => pairs.top(1),
    () => pairs.saveAsTextFile("/none"),
  ];
  for (const call of later) await assert.rejects(call(), isStopped, String(call));
  pairs.unpersist();
});
