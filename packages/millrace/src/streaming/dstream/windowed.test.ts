import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesStream, manualContext, runBatches } from "../fixtures/run-batches.ts";

const cases: { name: string; window: number; slide: number; expected: number[][] }[] = [
  { name: "of one batch", window: 1000, slide: 1000, expected: [[0], [1], [2], [3], [4], []] },
  { name: "of two batches", window: 2000, slide: 1000, expected: [[0], [0, 1], [1, 2], [2, 3], [3, 4], [4]] },
  { name: "that tumbles", window: 2000, slide: 2000, expected: [[0, 1], [2, 3], [4]] },
  { name: "with gaps", window: 1000, slide: 2000, expected: [[1], [3], []] },
  {
    name: "longer than the stream",
    window: 4000,
    slide: 2000,
    expected: [
      [0, 1],
      [0, 1, 2, 3],
      [2, 3, 4],
    ],
  },
];

for (const { name, window, slide, expected } of cases) {
  test(`a window ${name}`, async () => {
    const inputs = [[[0], [1], [2], [3], [4]]] as [number[][]];
    const out = await runBatches(inputs, numbers => numbers.window(window, slide), { batches: 6 });
    assert.deepEqual(out, expected);
  });
}

test("a window may be given as a text and slides with its parent by default", async () => {
  const out = await runBatches([[[0], [1]]], numbers => numbers.window("2s"));
  assert.deepEqual(out, [[0], [0, 1]]);
});

test("a batch without RDD is left out", async () => {
  const out = await runBatches([[[0], null, [2]]], numbers => numbers.window(2000));
  assert.deepEqual(out, [[0], [0], [2]]);
});

test("keys grouped and reduced over a window, oldest first", async () => {
  const pairs: [string, number][][] = [
    [["a", 1]],
    [
      ["a", 2],
      ["b", 3],
    ],
    [],
  ];
  const grouped = await runBatches([pairs], stream => stream.groupByKeyAndWindow(2000));
  assert.deepEqual(
    grouped.map(batch => new Map(batch)),
    [
      new Map([["a", [1]]]),
      new Map([
        ["a", [1, 2]],
        ["b", [3]],
      ]),
      new Map([
        ["a", [2]],
        ["b", [3]],
      ]),
    ],
  );
  const reduced = await runBatches([pairs], stream => stream.reduceByKeyAndWindow((a, b) => a + b, 2000));
  assert.deepEqual(
    reduced.map(batch => new Map(batch)),
    [
      new Map([["a", 1]]),
      new Map([
        ["a", 3],
        ["b", 3],
      ]),
      new Map([
        ["a", 2],
        ["b", 3],
      ]),
    ],
  );
});

test("reduceByWindow gives one record for a window that has any", async () => {
  const out = await runBatches([[[1, 2], [3], [], []]], numbers =>
    numbers.reduceByWindow((a, b) => a + b, 2000, 1000),
  );
  assert.deepEqual(out, [[3], [6], [3], []]);
});

test("durations that are no multiples, or not positive, are refused at once", async () => {
  const { ssc } = manualContext(1000);
  const stream = batchesStream(ssc, [[1]]);
  const refused: [() => unknown, RegExp][] = [
    [() => stream.window(1500), /The window duration of windowed DStream \(1500 ms\) must be a multiple of/],
    [() => stream.window(2000, 500), /The slide duration of windowed DStream \(500 ms\) must be/],
    [() => stream.window(0), /The window duration must be positive, got 0 ms/],
    [() => stream.window(1000, -1000), /The slide duration must be positive/],
    [
      () => stream.window(2000, 2000).window(3000),
      /must be a multiple of the slide duration of parent DStream \(2000 ms\)/,
    ],
    [() => stream.countByWindow(1500), /The window duration of ReducedWindowedDStream \(1500 ms\) must be/],
  ];
  for (const [declare, message] of refused)
    assert.throws(declare, { code: "MR_STREAMING_DURATION", message });
  await ssc.stop();
});
