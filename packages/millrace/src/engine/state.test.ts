import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HashPartitioner,
  type PlanNode,
  type StateNode,
  type StateView,
  savedState,
  seedState,
  shuffle,
  state,
  stateView,
} from "../plan/index.ts";
import type { State } from "../task/state/key-state.ts";
import type { StateSnapshot } from "../task/state/state-snapshot.ts";
import type { Engine } from "./engine.ts";
import { origin, runOn, values, withEngine } from "./fixtures/test-engine.ts";

const partitioner = new HashPartitioner(3);
const masters = ["local", "local[2]"];

type Pair = readonly [key: string, value: number];

const pairs = (...batch: readonly Pair[]): PlanNode =>
  shuffle(origin, values(batch.slice(0, 2), batch.slice(2)), partitioner);

/** Counts per key and emits the new count; -1 removes the key, -2 throws. */
function counting(key: string, value: number | undefined, count: State<number>): string {
  if (value === -2) throw new Error(`no ${key}`);
  if (value === -1) {
    count.remove();
    return `${key} gone`;
  }
  count.update((count.getOption() ?? 0) + (value ?? 0));
  return `${key} ${count.get()}`;
}

function next(previous: StateNode | undefined, timeMs: number, batch: readonly Pair[], keepsLineage = false) {
  const params = { timeMs, form: "plain", hasTimeout: false, expireBeforeMs: undefined };
  const rule = { name: "mapWithState", functions: [counting], params } as const;
  const lineage = { previous, initial: undefined, updates: [pairs(...batch)] };
  return state(origin, partitioner, rule, lineage, keepsLineage);
}

async function read(engine: Engine, node: StateNode, kind: "entries" | "emitted"): Promise<unknown[]> {
  const partitions = (await runOn(engine, stateView(origin, node, { kind }))) as unknown[][];
  return partitions.flat().sort();
}

async function snapshots(engine: Engine, node: StateNode, since?: StateNode): Promise<StateSnapshot[]> {
  const view: StateView = { kind: "snapshot", since };
  return ((await runOn(engine, stateView(origin, node, view))) as StateSnapshot[][]).flat();
}

for (const master of masters) {
  test(`${master}: versions build on each other, and older ones stay readable`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [
        ["a", 1],
        ["b", 2],
        ["a", 3],
      ]);
      const second = next(first, 2000, [
        ["b", -1],
        ["c", 5],
      ]);
      const third = next(second, 3000, []);
      assert.deepEqual(await read(engine, third, "emitted"), []);
      assert.deepEqual(await read(engine, second, "emitted"), ["b gone", "c 5"]);
      assert.deepEqual(await read(engine, second, "entries"), [
        ["a", 4],
        ["c", 5],
      ]);
      assert.deepEqual(await read(engine, first, "entries"), [
        ["a", 4],
        ["b", 2],
      ]);
      assert.equal(first.lineage, undefined, "what is kept whole needs no lineage");
    }));

  test(`${master}: a function that throws leaves the version before as it was`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [
        ["a", 1],
        ["b", 2],
      ]);
      await read(engine, first, "entries");
      const failing = next(first, 2000, [
        ["a", 5],
        ["b", 5],
        ["c", 5],
        ["a", -2],
      ]);
      await assert.rejects(read(engine, failing, "emitted"), { code: "MR_TASK_FAILED", operator: "test" });
      assert.deepEqual(await read(engine, first, "entries"), [
        ["a", 1],
        ["b", 2],
      ]);
      assert.deepEqual(await read(engine, next(first, 2000, [["a", 1]]), "entries"), [
        ["a", 2],
        ["b", 2],
      ]);
    }));

  test(`${master}: two versions can follow one`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [["a", 1]]);
      const [left, right] = [next(first, 2000, [["a", 1]]), next(first, 2000, [["a", 10]])];
      assert.deepEqual(await read(engine, left, "entries"), [["a", 2]]);
      assert.deepEqual(await read(engine, right, "entries"), [["a", 11]]);
      assert.deepEqual(await read(engine, next(left, 3000, [["a", 1]]), "entries"), [["a", 3]]);
    }));

  test(`${master}: jobs at the same time make a version once`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [["a", 1]]);
      const reads = [1, 2, 3].map(() => read(engine, first, "emitted"));
      assert.deepEqual(await Promise.all(reads), [["a 1"], ["a 1"], ["a 1"]]);
    }));

  test(`${master}: a base and deltas bring a state back, in another engine`, async () => {
    const saved: StateSnapshot[][] = [];
    await withEngine(master, async engine => {
      const first = next(undefined, 1000, [
        ["a", 1],
        ["b", 2],
        ["c", 3],
        ["d", 4],
      ]);
      saved.push(await snapshots(engine, first));
      const second = next(first, 2000, [
        ["b", -1],
        ["c", 5],
      ]);
      const third = next(second, 3000, [
        ["b", 7],
        ["d", -1],
      ]);
      const fourth = next(third, 4000, [["a", 100]]);
      await read(engine, fourth, "entries");
      saved.push(await snapshots(engine, third, first));
    });
    assert.deepEqual([...new Set(saved[0]?.map(({ kind }) => kind))], ["base"]);
    assert.deepEqual([...new Set(saved[1]?.map(({ kind }) => kind))], ["delta"]);
    assert.equal(
      saved[1]?.reduce((sum, { numChanges }) => sum + numChanges, 0),
      3,
    );
    assert.equal(
      saved[1]?.reduce((sum, { numKeys }) => sum + numKeys, 0),
      3,
    );
    await withEngine(master, async engine => {
      const bytes = [0, 1, 2].map(partition => saved.map(each => each[partition]?.bytes));
      const { rule } = next(undefined, 3000, []);
      const restored = savedState(origin, partitioner, rule, values(...bytes));
      assert.deepEqual(await read(engine, next(restored, 4000, [["a", 1]]), "entries"), [
        ["a", 2],
        ["b", 7],
        ["c", 8],
      ]);
    });
  });

  test(`${master}: a delta since something forgotten is a base`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [["a", 1]]);
      const second = next(first, 2000, [["b", 1]]);
      await read(engine, second, "entries");
      engine.unpersist(first);
      assert.deepEqual(
        (await snapshots(engine, second, first)).map(({ kind }) => kind),
        ["base", "base", "base"],
      );
    }));

  test(`${master}: a lost version is made again from the last seed on`, () =>
    withEngine(master, async engine => {
      const first = next(
        undefined,
        1000,
        [
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ],
        true,
      );
      const bytes = (await snapshots(engine, first)).map(snapshot => [snapshot.bytes]);
      assert.notEqual(first.lineage, undefined);
      seedState(first, values(...bytes));
      const second = next(first, 2000, [["a", 1]], true);
      await read(engine, second, "entries");
      for (const node of [first, second]) engine.unpersist(node);
      const third = next(second, 3000, [["a", 1]], true);
      assert.deepEqual(await read(engine, third, "entries"), [
        ["a", 3],
        ["b", 2],
        ["c", 3],
      ]);
    }));

  test(`${master}: a version that is lost for good says so`, () =>
    withEngine(master, async engine => {
      const first = next(undefined, 1000, [["a", 1]]);
      await read(engine, first, "entries");
      engine.unpersist(first);
      await assert.rejects(read(engine, next(first, 2000, []), "entries"), { code: "MR_STATE_LOST" });
    }));
}
