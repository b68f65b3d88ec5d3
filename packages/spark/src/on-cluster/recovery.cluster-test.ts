import assert from "node:assert/strict";
import { test } from "node:test";
import { type DStream, Seconds, type State, StateSpec } from "millrace";
import { TestHarness } from "millrace/testing";
import { clusterContext } from "../fixtures/on-cluster.ts";

const sc = clusterContext();
const batches = [["a"], ["a", "b"], ["b"], ["c"], ["a"], ["b", "c"]];
const add = (a: number, b: number) => a + b;

type Ones = DStream<[string, number]>;
type Counts = readonly Readonly<Record<string, number>>[];

const kinds: readonly (readonly [string, (ones: Ones) => DStream<[string, number]>, Counts])[] = [
  [
    "a window with inverse",
    ones =>
      ones.reduceByKeyAndWindow(add, (a, b) => a - b, Seconds(3), Seconds(1), {
        filterFunc: ([, n]) => n > 0,
      }),
    [
      { a: 1 },
      { a: 2, b: 1 },
      { a: 2, b: 2 },
      { a: 1, b: 2, c: 1 },
      { a: 1, b: 1, c: 1 },
      { a: 1, b: 1, c: 2 },
    ],
  ],
  [
    "updateStateByKey",
    ones => ones.updateStateByKey((values, sum: number = 0) => values.reduce(add, sum)),
    [
      { a: 1 },
      { a: 2, b: 1 },
      { a: 2, b: 2 },
      { a: 2, b: 2, c: 1 },
      { a: 3, b: 2, c: 1 },
      { a: 3, b: 3, c: 2 },
    ],
  ],
  [
    "mapWithState",
    ones =>
      ones.mapWithState(
        StateSpec.function((word: string, one: number | undefined, sum: State<number>) => {
          sum.update((sum.getOption() ?? 0) + (one ?? 0));
          return [word, sum.get()];
        }),
      ),
    [{ a: 1 }, { a: 2, b: 1 }, { b: 2 }, { c: 1 }, { a: 3 }, { b: 3, c: 2 }],
  ],
];

for (const [name, build, expected] of kinds) {
  test(`${name}: a new run goes on from the checkpoint`, async () => {
    const options = { sparkContext: sc, interval: Seconds(1) };
    const seen: Record<string, number>[] = [];
    const observe = (harness: TestHarness) => {
      const input = harness.addInput(batches).stream;
      const counts = build(input.map(word => [word, 1]));
      counts.checkpoint(Seconds(2));
      counts.foreachRDD(async rdd => {
        seen.push(Object.fromEntries(await rdd.collect()));
      });
    };
    let harness = new TestHarness(options);
    observe(harness);
    await harness.advanceBatch(3);
    harness = await harness.restart();
    observe(harness);
    await harness.advanceBatch(3);
    await harness.stop();
    assert.deepEqual(seen, expected);
  });
}
