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

test("slices are closed on both sides and computed on demand [case 35, 36]", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1], [2], [3], [4]]);
  stream.print();
  assert.throws(() => stream.slice(0, 1000), {
    name: "SparkException",
    message: /has not been initialized/,
  });
  await ssc.start();
  for (const [from, to, expected] of cases) {
    const rdds = stream.slice(new Time(from), new Time(to));
    assert.deepEqual(await ssc.sc.union(rdds).collect(), expected, `${from} to ${to}`);
  }
  assert.equal(stream.slice(new Interval(new Time(1000), new Time(3000))).length, 3);
  await ssc.stop();
});

test("a slice says when its ends are no batch times", async () => {
  const { ssc, platform } = manualContext(1000, { conf: { "spark.log.level": "warn" } });
  const stream = batchesStream(ssc, [[1], [2]]);
  stream.print();
  await ssc.start();
  assert.equal(stream.slice(1000, 2000).length, 2);
  assert.equal(platform.host.stderrText, "");
  assert.equal(stream.slice(1500, 2000).length, 2);
  assert.match(platform.host.stderrText, /slice: 1500 ms is not a batch time/);
  await ssc.stop();
});
