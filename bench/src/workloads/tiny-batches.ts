import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { BatchClock } from "./batch-clock.ts";
import { lineBatches } from "./line-batches.ts";
import { textInput } from "./text-input.ts";

const LINES_PER_BATCH = 100;
/** Batches of how many seconds are measured, after as many again of warm-up. */
const MEASURED_SECONDS = 10;

function sizes(intervalMs: number, { quick }: Settings) {
  const batches = ((quick ? 1 : MEASURED_SECONDS) * 1_000) / intervalMs;
  return { intervalMs, linesPerBatch: LINES_PER_BATCH, warmUpBatches: batches, batches };
}

/** Batches that must keep the interval while everything is checkpointed. */
const CHECKPOINTED_BATCHES = 10_000;
/** The shortest interval that Spark holds with checkpoints. */
const SPARK_CHECKPOINTED_MS = 50;

function millrace(master: string, intervalMs: number, checkpoints = false): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { SparkContext, StreamingContext } = await import("millrace");
      const { batches: usual, warmUpBatches } = sizes(intervalMs, settings);
      const batches = checkpoints && !settings.quick ? CHECKPOINTED_BATCHES : usual;
      const sc = new SparkContext(master, "tiny batches");
      const [lines = []] = lineBatches(textInput(settings).path, LINES_PER_BATCH);
      const ssc = new StreamingContext(sc, intervalMs);
      if (checkpoints) ssc.checkpoint(mkdtempSync(join(tmpdir(), "checkpoint-10ms-")));
      const batchClock = new BatchClock({ warmUps: warmUpBatches, batches, punctualMs: intervalMs });
      ssc
        .queueStream([], true, sc.parallelize(lines, 2))
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b)
        .foreachRDD((rdd, time) => batchClock.batch(time.milliseconds, () => rdd.collect()));
      await ssc.start();
      await batchClock.finished;
      const { wallSeconds, cpuSeconds } = batchClock;
      return { wallSeconds, cpuSeconds, metrics: batchClock.delayMetrics(intervalMs) };
    },
  };
}

function spark(intervalMs: number, checkpoints = 0): Contender {
  return sparkContender(
    "tiny-batches",
    settings => ({ path: textInput(settings).path, ...sizes(intervalMs, settings), checkpoints }),
    checkpoints === 0 ? undefined : `spark local[2], every ${intervalMs} ms`,
  );
}

function tinyBatches(intervalMs: number): Workload {
  return {
    name: `tiny-batches-${intervalMs}`,
    title: `word count of 100 lines every ${intervalMs} ms: how long a batch takes, how late it is`,
    headline: { metric: "processingP50Ms", better: "less" },
    inputs: settings => [textInput(settings).name],
    contenders: [millrace("local", intervalMs), spark(intervalMs), millrace("local[2]", intervalMs)],
  };
}

export const checkpoint10ms: Workload = {
  ...tinyBatches(10),
  name: "checkpoint-10ms",
  title: `word count of 100 lines every 10 ms, ${CHECKPOINTED_BATCHES} batches with a checkpoint directory`,
  contenders: [millrace("local", 10, true), spark(SPARK_CHECKPOINTED_MS, 1)],
};

export const tinyBatchWorkloads: readonly Workload[] = [100, 20, 10].map(tinyBatches);
