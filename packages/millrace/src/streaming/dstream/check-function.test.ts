import assert from "node:assert/strict";
import { test } from "node:test";
import { HashPartitioner } from "../../plan/index.ts";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";

test("functions of tasks are checked when the operation is declared [case 418]", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  const pairs = stream.map(n => [n, n]);
  const bad = (a: number) => a + ssc.graph.batchMs;
  const add = (a: number, b: number) => a + b;
  const two = new HashPartitioner(2);
  const refused: [() => unknown, RegExp][] = [
    [() => stream.map(() => ssc.getState()), /ssc.*StreamingContext.*check-function\.test\.ts:\d+/s],
    [() => stream.filter(() => stream === undefined), /stream.*DStream.*check-function\.test\.ts:\d+/s],
    [() => stream.flatMap(() => [ssc.sc.appName]), /ssc/],
    [() => stream.mapPartitions(() => [ssc.checkpointDir]), /ssc/],
    [() => stream.reduce(bad), /ssc/],
    [() => stream.reduceByWindow(bad, 1000, 2000), /ssc/],
    [() => stream.reduceByWindow(add, bad, 1000, 2000), /ssc/],
    [() => stream.reduceByWindow(bad, add, 1000, 2000), /ssc/],
    [() => pairs.mapValues(bad), /ssc/],
    [() => pairs.flatMapValues(n => [bad(n)]), /ssc/],
    [() => pairs.reduceByKey(bad), /ssc/],
    [() => pairs.reduceByKey(bad, 2), /ssc/],
    [() => pairs.reduceByKey(bad, two), /ssc/],
    [() => pairs.combineByKey(bad, add, add), /ssc/],
    [() => pairs.combineByKey(n => n, bad, add, two), /ssc/],
    [() => pairs.combineByKey(n => n, add, bad, two), /ssc/],
    [() => pairs.reduceByKeyAndWindow(bad, 1000), /ssc/],
    [() => pairs.reduceByKeyAndWindow(bad, 1000, 2000), /ssc/],
    [() => pairs.reduceByKeyAndWindow(bad, 1000, 2000, 2), /ssc/],
    [() => pairs.reduceByKeyAndWindow(bad, 1000, 2000, two), /ssc/],
    [() => pairs.reduceByKeyAndWindow(bad, add, 1000, 2000), /ssc/],
    [() => pairs.reduceByKeyAndWindow(add, bad, 1000, 2000), /ssc/],
    [() => pairs.reduceByKeyAndWindow(add, add, 1000, 2000, 2, pair => bad(pair[1]) > 0), /ssc/],
  ];
  for (const [declare, message] of refused) {
    assert.throws(declare, { code: "MR_CLOSURE_UNSHIPPABLE", message }, String(declare));
  }
  await ssc.stop();
});

test("functions of the driver may use anything", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  stream.transform(rdd => rdd.union(ssc.sc.parallelize([2]))).foreachRDD(() => void ssc.stop());
  await ssc.stop();
});

test("what is no function is refused at once, on the driver too [case 418]", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  const notAFunction = 1 as never;
  for (const declare of [
    () => stream.map(notAFunction),
    () => stream.foreachRDD(notAFunction),
    () => stream.transform(notAFunction),
    () => stream.transformWith(stream, notAFunction),
    () => ssc.transform([stream], notAFunction),
  ]) {
    assert.throws(declare, { code: "MR_BAD_ARGUMENT", message: /needs a function, got number/ });
  }
  await ssc.stop();
});
