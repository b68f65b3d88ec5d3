import assert from "node:assert/strict";
import { test } from "node:test";
import { AccumulatorV2 } from "../../task/shared/index.ts";
import { withContext } from "../fixtures/contexts.ts";

class Largest extends AccumulatorV2<number, number> {
  private largest = Number.NEGATIVE_INFINITY;
  get isZero() {
    return this.largest === Number.NEGATIVE_INFINITY;
  }
  get value() {
    return this.largest;
  }
  copy() {
    const copy = new Largest();
    copy.largest = this.largest;
    return copy;
  }
  reset() {
    this.largest = Number.NEGATIVE_INFINITY;
  }
  add(value: number) {
    this.largest = Math.max(this.largest, value);
  }
  merge(other: this) {
    this.add(other.largest);
  }
}

class Sealed extends AccumulatorV2<number, number> {
  #total = 0;
  get isZero() {
    return this.#total === 0;
  }
  get value() {
    return this.#total;
  }
  copy() {
    const copy = new Sealed();
    copy.#total = this.#total;
    return copy;
  }
  reset() {
    this.#total = 0;
  }
  add(value: number) {
    this.#total += value;
  }
  merge(other: this) {
    this.#total += other.#total;
  }
}

for (const master of ["local", "local[2]"]) {
  test(`${master}: accumulators count what tasks add`, () =>
    withContext(master, async sc => {
      const long = sc.longAccumulator("long");
      const double = sc.doubleAccumulator();
      const list = sc.collectionAccumulator<string>();
      const largest = new Largest();
      sc.register(largest);
      await sc.parallelize([1, 2, 3, 4], 4).foreach(x => {
        long.add(x);
        double.add(x / 2);
        list.add(`n${x}`);
        largest.add(x);
      });
      assert.deepEqual([long.sum, long.count, long.avg], [10, 4, 2.5]);
      assert.deepEqual([double.sum, double.count], [5, 4]);
      assert.deepEqual([...list.value].sort(), ["n1", "n2", "n3", "n4"]);
      assert.equal(largest.value, 4);
      long.add(5);
      assert.equal(long.value, 15);
    }));

  test(`${master}: an accumulator in a task is the task's own`, () =>
    withContext(master, async sc => {
      const long = sc.longAccumulator();
      long.add(100);
      const seen = await sc
        .parallelize([1, 2, 3], 3)
        .map(x => {
          long.add(x);
          return long.value;
        })
        .collect();
      assert.deepEqual(seen, [1, 2, 3]);
      assert.equal(long.value, 106);
    }));

  test(`${master}: what async functions add after a wait counts`, () =>
    withContext(master, async sc => {
      const long = sc.longAccumulator();
      await sc.parallelize([1, 2, 3], 2).foreachPartition(async records => {
        for (const x of records) {
          await undefined;
          long.add(x);
        }
      });
      assert.equal(long.value, 6);
    }));

  test(`${master}: a task that fails adds nothing, others of its job do`, () =>
    withContext(master, async sc => {
      const long = sc.longAccumulator();
      const failing = sc.parallelize([1, 2, 3], 1).foreach(x => {
        long.add(x);
        if (x === 3) throw new RangeError("three");
      });
      await assert.rejects(failing, { code: "MR_TASK_FAILED" });
      assert.equal(long.value, 0);
    }));

  test(`${master}: updates whose merge fails fail the job`, () =>
    withContext(master, async sc => {
      class Picky extends Largest {
        override merge() {
          throw new RangeError("not mergeable");
        }
      }
      const picky = new Picky();
      sc.register(picky);
      const job = sc.parallelize([1]).foreach(x => picky.add(x));
      await assert.rejects(job, /not mergeable/);
    }));

  test(`${master}: broadcast values reach tasks`, () =>
    withContext(master, async sc => {
      const prices = sc.broadcast(new Map([["tea", 3]]));
      const bill = sc.parallelize(["tea", "tea"], 2).map(item => prices.value.get(item));
      assert.deepEqual(await bill.collect(), [3, 3]);
      prices.unpersist();
      assert.deepEqual(await bill.collect(), [3, 3]);
      prices.destroy();
      const message = `Attempted to use Broadcast(${prices.id}) after it was destroyed`;
      assert.throws(() => prices.value, { code: "MR_BROADCAST_DESTROYED", message });
      assert.throws(() => prices.unpersist(), { code: "MR_BROADCAST_DESTROYED" });
      await assert.rejects(bill.collect(), { code: "MR_BROADCAST_DESTROYED" });
    }));

  test(`${master}: broadcast instances of classes and functions stay what they are`, () =>
    withContext(master, async sc => {
      class Scale {
        readonly factor: number;
        constructor(factor: number) {
          this.factor = factor;
        }
        apply(x: number) {
          return x * this.factor;
        }
      }
      const shared = sc.broadcast({ scale: new Scale(3), plus: (x: number) => x + 1 });
      const tripled = sc.parallelize([1, 2], 2).map(x => shared.value.plus(shared.value.scale.apply(x)));
      assert.deepEqual(await tripled.collect(), [4, 7]);
    }));
}

for (const master of ["local[1,3]", "local[2,3]"]) {
  test(`${master}: a task that is tried again counts once`, () =>
    withContext(master, async sc => {
      const long = sc.longAccumulator();
      const flaky = sc.parallelize([1, 2, 3, 4], 2).mapPartitions(records => {
        const all = [...records];
        for (const x of all) long.add(x);
        const state = globalThis as { failed?: number };
        state.failed = (state.failed ?? 0) + 1;
        if (state.failed % 2 === 1) throw new Error("once more");
        return all;
      });
      assert.equal(await flaky.count(), 4);
      assert.equal(long.value, 10);
    }));
}

test("accumulators are registered once, before functions use them", () =>
  withContext("local", async sc => {
    const largest = new Largest();
    assert.throws(() => largest.id, { code: "MR_ACCUMULATOR" });
    assert.throws(() => sc.parallelize([1]).map(x => largest.add(x)), {
      code: "MR_CLOSURE_UNSHIPPABLE",
      message: /an accumulator that is not registered/,
    });
    sc.register(largest, "largest");
    assert.throws(() => sc.register(largest), { code: "MR_ACCUMULATOR" });
    assert.deepEqual([largest.name, largest.isRegistered], ["largest", true]);
    assert.match(String(largest), /^Largest\(largest: /);
  }));

test("state that cannot travel is refused where the function is given", () =>
  withContext("local", async sc => {
    const sealed = new Sealed();
    sc.register(sealed);
    assert.throws(() => sc.parallelize([1]).map(x => sealed.add(x)), {
      code: "MR_CLOSURE_UNSHIPPABLE",
      message: /#total/,
    });
  }));

test("a LongAccumulator takes integers only", () =>
  withContext("local", sc => {
    assert.throws(() => sc.longAccumulator().add(0.5), { code: "MR_BAD_ARGUMENT" });
  }));
