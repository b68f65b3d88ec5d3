import assert from "node:assert/strict";
import { test } from "node:test";
import { manualContext } from "../fixtures/run-batches.ts";
import type { QueueItem } from "./queue-input.ts";

const cases: {
  name: string;
  oneAtATime: boolean;
  defaultRDD?: QueueItem<number> | null;
  /** What is pushed before each batch. */
  pushes: number[][][];
  expected: number[][][];
}[] = [
  {
    name: "one at a time",
    oneAtATime: true,
    pushes: [[[1], [2]], [], [[3]], []],
    expected: [[[1]], [[2]], [[3]], [[]]],
  },
  {
    name: "all at once",
    oneAtATime: false,
    pushes: [[[1], [2]], [], [[3]]],
    expected: [[[1], [2]], [[]], [[3]]],
  },
  { name: "a default", oneAtATime: true, defaultRDD: [7], pushes: [[[1]], []], expected: [[[1]], [[7]]] },
  { name: "no default", oneAtATime: true, defaultRDD: null, pushes: [[[1]], []], expected: [[[1]], []] },
];

for (const { name, oneAtATime, defaultRDD, pushes, expected } of cases) {
  test(`${name}, from a queue filled while running`, async () => {
    const { ssc, clock } = manualContext();
    const queue: QueueItem<number>[] = [];
    const out: number[][][] = [];
    ssc.queueStream(queue, oneAtATime, defaultRDD).foreachRDD(async rdd => {
      out.push(await rdd.glom().collect());
    });
    await ssc.start();
    for (const pushed of pushes) {
      // Arrays and RDDs alike.
      queue.push(...pushed.map((records, i) => (i % 2 === 0 ? ssc.sc.parallelize(records, 1) : records)));
      clock.advance(1000);
      await ssc.whenIdle();
    }
    await ssc.stop();
    assert.deepEqual(out, expected);
  });
}

test("[case 378] two are put in before a batch, one is taken", async () => {
  const { ssc, clock } = manualContext();
  const queue: QueueItem<string>[] = [];
  const out: string[][] = [];
  ssc.queueStream(queue, true).foreachRDD(async rdd => {
    const records = await rdd.collect();
    if (records.length > 0) out.push(records);
  });
  await ssc.start();
  const input = ["1", "2", "3", "4", "5"];
  for (let tick = 0; tick < 5; tick++) {
    queue.push(...input.splice(0, 2).map(record => ssc.sc.parallelize([record], 1)));
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  assert.deepEqual(out, [["1"], ["2"], ["3"], ["4"], ["5"]]);
});

test("a constant stream is the same in every batch", async () => {
  const { ssc, clock } = manualContext();
  const out: number[] = [];
  ssc.constantStream(ssc.sc.parallelize([1, 2])).foreachRDD(async rdd => {
    out.push(await rdd.count());
  });
  await ssc.start();
  for (let i = 0; i < 3; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  assert.deepEqual(out, [2, 2, 2]);
  assert.throws(() => ssc.constantStream(undefined as never), { code: "MR_STREAMING_STATE" });
});
