import assert from "node:assert/strict";
import { test } from "node:test";
import { AccumulatorV2 } from "millrace";
import { clusterContext } from "../fixtures/on-cluster.ts";

const sc = clusterContext();

class Longest extends AccumulatorV2<string, string> {
  private word = "";
  get isZero() {
    return this.word === "";
  }
  get value() {
    return this.word;
  }
  copy() {
    const copy = new Longest();
    copy.word = this.word;
    return copy;
  }
  reset() {
    this.word = "";
  }
  add(word: string) {
    if (word.length > this.word.length) this.word = word;
  }
  merge(other: this) {
    this.add(other.word);
  }
}

test("accumulators count what tasks of an action add", async () => {
  const [records, total, seen] = [sc.longAccumulator(), sc.doubleAccumulator(), sc.collectionAccumulator()];
  await sc.range(1, 5, 1, 3).foreach(x => {
    records.add(1);
    total.add(x / 2);
    seen.add(x);
  });
  assert.deepEqual([records.value, total.value, seen.value.toSorted()], [4, 5, [1, 2, 3, 4]]);
});

test("an accumulator of one's own class", async () => {
  const longest = new Longest();
  sc.register(longest, "longest");
  await sc.parallelize(["a", "abc", "ab"], 2).foreach(word => longest.add(word));
  assert.equal(longest.value, "abc");
});

test("what the map side of shuffles adds counts once, however many tasks read it", async () => {
  const mapped = sc.longAccumulator();
  const pairs = sc.range(0, 10, 1, 2).map(x => {
    mapped.add(1);
    return [x % 3, x];
  });
  const sums = pairs.reduceByKey((a, b) => a + b, 3);
  assert.equal((await sums.cartesian(sc.parallelize([1, 2], 2)).collect()).length, 6);
  assert.equal(mapped.value, 10);
  const again = sc.longAccumulator();
  await sums
    .map(pair => {
      again.add(1);
      return pair;
    })
    .sortByKey()
    .collect();
  assert.ok(again.value >= 3);
});

test("what is persisted counts when it is computed, not when it is read", async () => {
  const computed = sc.longAccumulator();
  const kept = sc
    .range(0, 6, 1, 2)
    .map(x => {
      computed.add(1);
      return x;
    })
    .cache();
  assert.equal(await kept.count(), 6);
  assert.equal(await kept.coalesce(1).count(), 6);
  assert.equal(await kept.count(), 6);
  assert.equal(computed.value, 6);
});

test("tasks that fail, and their jobs, add nothing", async () => {
  const records = sc.longAccumulator();
  const failing = sc.range(0, 4, 1, 2).foreach(x => {
    records.add(1);
    if (x === 3) throw new RangeError("no");
  });
  await assert.rejects(failing, { code: "MR_TASK_FAILED" });
  assert.equal(records.value, 0);
});

test("broadcast variables are read on the cluster, also ones that are more than data", async () => {
  const prices = sc.broadcast(new Map([["tea", 3]]));
  const rate = sc.broadcast({ of: (x: number) => x * 2 });
  const costs = sc.parallelize(["tea", "tea"]).map(item => rate.value.of(prices.value.get(item) ?? 0));
  assert.deepEqual(await costs.collect(), [6, 6]);
  prices.destroy();
  await assert.rejects(costs.collect(), { code: "MR_BROADCAST_DESTROYED" });
});

test("large captured values, and large broadcast variables, reach the executors", async () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `a name of some length ${i}`);
  const bytes = sc.broadcast(new Uint8Array(8_000_000).fill(3));
  const lookUp = sc.parallelize([5, 99_999], 2).map(i => [names[i], bytes.value[i]]);
  const expected = [
    ["a name of some length 5", 3],
    ["a name of some length 99999", 3],
  ];
  assert.deepEqual(await lookUp.collect(), expected);
  assert.deepEqual(await lookUp.collect(), expected);
});
