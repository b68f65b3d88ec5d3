import assert from "node:assert/strict";
import { test } from "node:test";
import { Duration, Interval, Seconds, Time } from "../common/time/index.ts";
import { type AnyFunction, checkClosure, registerHandleKind, reviveClosure, shipClosure } from "./index.ts";
import { inspector } from "./inspect/inspector.ts";

const context = { operator: "map" };
const constant = 5;
let variable = 1;
const list = [1];

const adding = (by: number) => (x: number) => x + by;

test("equal code and values are one function, others are not", async () => {
  const [one, same, other] = [adding(1), adding(1), adding(2)].map(fn => shipClosure(fn, context));
  assert.ok(one && same && other);
  assert.equal(one.hash, same.hash);
  assert.notEqual(one.hash, other.hash);
  assert.equal(await reviveClosure(one), await reviveClosure(same));
  assert.notEqual(await reviveClosure(one), await reviveClosure(other));
});

test("a function whose captures cannot change is encoded once", () => {
  const fn = (x: number) => x + constant;
  const shipped = shipClosure(fn, context);
  shipClosure(fn, context);
  assert.equal(shipClosure(fn, context), shipClosure(fn, context));
  assert.equal(shipClosure(fn, context).hash, shipped.hash);
});

test("what was assigned meanwhile is read again", async () => {
  const fn = () => variable;
  const calls: unknown[] = [];
  for (variable = 10; variable < 13; variable++)
    calls.push(((await reviveClosure(shipClosure(fn, context))) as () => number)());
  assert.deepEqual(calls, [10, 11, 12]);
});

test("what was changed meanwhile is read again", async () => {
  const fn = () => list.length;
  const lengths: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    list.push(i);
    checkClosure(fn, context);
    lengths.push(((await reviveClosure(shipClosure(fn, context))) as () => number)());
  }
  assert.deepEqual(lengths, [2, 3, 4]);
});

test("a let of a loop is told apart from one that is assigned", async () => {
  const made: AnyFunction[] = [];
  for (let i = 0; i < 3; i++) made.push(() => i);
  for (let round = 0; round < 2; round++) {
    const values = made.map(async fn => ((await reviveClosure(shipClosure(fn, context))) as () => number)());
    assert.deepEqual(await Promise.all(values), [0, 1, 2]);
  }
});

test("a revived function keeps its state", async () => {
  let count = 0;
  const counting = () => ++count;
  const shipped = shipClosure(counting, context);
  const first = (await reviveClosure(shipped)) as () => number;
  assert.deepEqual([first(), ((await reviveClosure(shipped)) as () => number)()], [1, 2]);
});

test("handles travel as what they say", async () => {
  class Broadcast {
    readonly id: number;
    constructor(id: number) {
      this.id = id;
    }
  }
  const known = new Map<number, Broadcast>();
  registerHandleKind<Broadcast, { id: number }>("ship-test", {
    isInstance: value => value instanceof Broadcast,
    toData: ({ id }) => ({ id }),
    revive: ({ id }) => {
      const handle = new Broadcast(id * 100);
      known.set(id, handle);
      return handle;
    },
  });
  const broadcast = new Broadcast(3);
  const revived = (await reviveClosure(
    shipClosure(() => [broadcast, { broadcast }], context),
  )) as () => unknown[];
  assert.deepEqual(revived(), [known.get(3), { broadcast: known.get(3) }]);
  assert.equal(known.get(3)?.id, 300);
  assert.throws(
    () =>
      registerHandleKind("ship-test", {
        isInstance: (value): value is object => !value,
        toData: String,
        revive: Object,
      }),
    { code: "MR_INTERNAL" },
  );
});

test("times and durations are those of the other side", async () => {
  const captured = [Seconds(2), new Time(3), new Interval(new Time(1), new Time(2))] as const;
  const [duration, time, interval] = (
    (await reviveClosure(shipClosure(() => captured, context))) as () => typeof captured
  )();
  assert.ok(duration instanceof Duration && time instanceof Time && interval instanceof Interval);
  assert.deepEqual([duration, time, interval], captured);
});

test("the debugger is off afterwards", () => {
  class Holder {
    readonly label = "held";
    fn(): AnyFunction {
      return () => [this.label, constant];
    }
  }
  shipClosure(new Holder().fn(), context);
  assert.throws(
    () => inspector().send("Debugger.getScriptSource", { scriptId: "1" }),
    /Debugger agent is not enabled/,
  );
});
