import assert from "node:assert/strict";
import { test } from "node:test";
import { Interval, Time } from "../../common/time/index.ts";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";

const cases: [from: number, to: number, expected: number[]][] = [
  [0, 1000, [1]],
  [0, 2000, [1, 2]],
  [1000, 2000, [1, 2]],
  [2000, 4000, [2, 3, 4]],
  [1999, 2999, [1, 2]],
  [-5000, 1000, [1]],
];

test("slices are closed on both sides and computed on demand", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1], [2], [3], [4]]);
  stream.print();
  assert.throws(() => stream.slice(0, 1000), { message: /has not been initialized/ });
  await ssc.start();
  for (const [from, to, expected] of cases) {
    const rdds = stream.slice(new Time(from), new Time(to));
    assert.deepEqual(await ssc.sc.union(rdds).collect(), expected, `${from} to ${to}`);
  }
  assert.equal(stream.slice(new Interval(new Time(1000), new Time(3000))).length, 3);
  await ssc.stop();
});
