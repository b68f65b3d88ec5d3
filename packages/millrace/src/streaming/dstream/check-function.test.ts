import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";

test("functions of tasks are checked when the operation is declared", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  const pairs = stream.map(n => [n, n]);
  const refused: [() => unknown, RegExp][] = [
    [() => stream.map(() => ssc.getState()), /ssc.*StreamingContext.*check-function\.test\.ts:\d+/s],
    [() => stream.filter(() => stream === undefined), /stream.*DStream.*check-function\.test\.ts:\d+/s],
    [() => stream.flatMap(() => [ssc.sc.appName]), /ssc/],
    [() => stream.mapPartitions(() => [ssc.checkpointDir]), /ssc/],
    [() => stream.reduce(a => a + ssc.graph.batchMs), /ssc/],
    [() => pairs.mapValues(() => ssc.checkpointDir), /ssc/],
    [() => pairs.reduceByKey(a => a + ssc.graph.batchMs), /ssc/],
    [() => pairs.reduceByKeyAndWindow(a => a + ssc.graph.batchMs, 1000), /ssc/],
    [() => stream.reduceByWindow(a => a + ssc.graph.batchMs, 1000), /ssc/],
  ];
  for (const [declare, message] of refused)
    assert.throws(declare, { code: "MR_CLOSURE_UNSHIPPABLE", message });
  await ssc.stop();
});

test("functions of the driver may use anything", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  stream.transform(rdd => rdd.union(ssc.sc.parallelize([2]))).foreachRDD(() => void ssc.stop());
  await ssc.stop();
});

test("what is no function is refused at once", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  const notAFunction = 1 as never;
  for (const declare of [
    () => stream.map(notAFunction),
    () => stream.foreachRDD(notAFunction),
    () => stream.transform(notAFunction),
    () => stream.transformWith(stream, notAFunction),
  ]) {
    assert.throws(declare, { code: "MR_BAD_ARGUMENT", message: /needs a function, got number/ });
  }
  await ssc.stop();
});
