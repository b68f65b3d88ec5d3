import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import { Seconds } from "../common/time/index.ts";
import { SparkContext } from "../rdd/index.ts";
import { StreamingContext } from "./streaming-context.ts";

test("[case 344] jobs of batches have the local properties of start, but of no job group", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const sc = new SparkContext("local", "properties", { platform });
  const ssc = new StreamingContext(sc, Seconds(1));
  sc.setJobGroup("non-streaming", "non-streaming", true);
  sc.setLocalProperty("customPropKey", "value1");
  const seen: Record<string, string>[] = [];
  ssc.queueStream([sc.parallelize([1])]).foreachRDD(async rdd => {
    if (seen.length === 0) seen.push({ ...sc.localProperties });
    await rdd.count();
  });
  ssc.start();
  sc.setLocalProperty("customPropKey", "value2");
  await platform.advance(1_500);
  const { "spark.job.description": description = "", ...others } = seen[0] ?? {};
  assert.match(description, /^Streaming job from /);
  assert.deepEqual(others, {
    customPropKey: "value1",
    "spark.job.interruptOnCancel": "false",
    "spark.streaming.internal.batchTime": others["spark.streaming.internal.batchTime"],
    "spark.streaming.internal.outputOpId": "0",
  });
  assert.deepEqual(sc.localProperties, {
    "spark.jobGroup.id": "non-streaming",
    "spark.job.description": "non-streaming",
    "spark.job.interruptOnCancel": "true",
    customPropKey: "value2",
  });
  await platform.run(ssc.stop());
});
