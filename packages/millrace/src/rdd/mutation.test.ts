import assert from "node:assert/strict";
import { after, test } from "node:test";
import { quietContext, withContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";

interface Total {
  sum: number;
  seen: number[];
}

const addTo = (a: Total, b: Total): Total => {
  a.sum += b.sum;
  a.seen.push(...b.seen);
  return a;
};
const total = (n: number): Total => ({ sum: n, seen: [n] });
const push = (list: number[], other: readonly number[]) => {
  list.push(...other);
  return list;
};

/** Functions that change their first argument, as they may. */
const aggregations: Readonly<Record<string, (pairs: RDD<readonly [string, Total]>) => RDD<[string, Total]>>> =
  {
    reduceByKey: pairs => pairs.reduceByKey(addTo),
    "reduceByKey, both sides in one partition": pairs => pairs.reduceByKey(addTo, 1),
    combineByKey: pairs => pairs.combineByKey(v => v, addTo, addTo),
    "combineByKey on the reducers only": pairs => pairs.combineByKey(v => v, addTo, addTo, 2, false),
    "reduceByKey in place": pairs => pairs.reduceByKey(addTo).reduceByKey(addTo),
  };

for (const master of ["local", "local[2]"]) {
  const shared = quietContext(master);
  after(() => shared.stop());
  const onShared = (body: (sc: SparkContext) => Promise<void>) => body(shared);

  for (const [name, aggregate] of Object.entries(aggregations)) {
    test(`${master}: ${name} may change its accumulator: nothing else changes`, () =>
      onShared(async sc => {
        const source: [string, Total][] = ["a", "b", "a", "b", "a"].map((key, i) => [key, total(i)]);
        const before = structuredClone(source);
        const cached = sc.parallelize(source, 2).cache();
        const keptBefore = structuredClone(await cached.collect());
        const result = aggregate(cached);
        const first = structuredClone(await result.collect());
        const sums = new Map(first.map(([key, { sum, seen }]) => [key, [sum, seen.length]]));
        assert.deepEqual(
          [sums.get("a"), sums.get("b")],
          [
            [6, 3],
            [4, 2],
          ],
        );
        assert.deepEqual(await result.collect(), first);
        assert.deepEqual(await aggregate(cached).collect(), first);
        assert.deepEqual(await cached.collect(), keptBefore);
        assert.deepEqual(source, before);
      }));
  }

  test(`${master}: a shuffle above a shuffle does not change the one below`, () =>
    onShared(async sc => {
      const lists = sc
        .parallelize([1, 2, 3, 4], 2)
        .map(n => [n % 2, [n]])
        .reduceByKey(push);
      const first = structuredClone(await lists.collect());
      const above = lists.map(([, list]) => ["all", list]).reduceByKey(push);
      assert.equal((await above.collect())[0]?.[1].length, 4);
      assert.equal((await above.collect())[0]?.[1].length, 4);
      assert.deepEqual(await lists.collect(), first);
    }));

  test(`${master}: reduce, fold and aggregate may change their first argument`, () =>
    onShared(async sc => {
      const cached = sc.parallelize([[1], [2], [3]], 2).cache();
      const zero: number[] = [];
      for (let round = 0; round < 2; round++) {
        assert.deepEqual(await cached.reduce(push), [1, 2, 3]);
        assert.deepEqual(await cached.fold(zero, push), [1, 2, 3]);
        assert.deepEqual(await cached.aggregate(zero, push, push), [1, 2, 3]);
        assert.deepEqual(await cached.collect(), [[1], [2], [3]]);
      }
      assert.deepEqual(zero, []);
    }));
}

test("accumulators keep their class", () =>
  withContext("local", async sc => {
    class Stats {
      count = 0;
      #hidden = 0;
      add(n: number): this {
        this.count += 1;
        this.#hidden += n;
        return this;
      }
      get sum(): number {
        return this.#hidden;
      }
    }
    const stats = sc
      .parallelize([1, 2, 3], 2)
      .map(n => ["k", n])
      .combineByKey(
        n => new Stats().add(n),
        (s, n) => s.add(n),
        (a, b) => a.add(b.sum),
      );
    assert.equal((await stats.collect())[0]?.[1].sum, 6);
  }));
