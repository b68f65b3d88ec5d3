import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../harness/statistics.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { BatchClock } from "./batch-clock.ts";
import { inTurn, lineBatches } from "./line-batches.ts";
import { textInput } from "./text-input.ts";

const INTERVAL_MS = 1_000;
const WINDOW_MS = 30 * INTERVAL_MS;

function sizes({ quick }: Settings) {
  return quick
    ? { linesPerBatch: 10_000, warmUpBatches: 32, batches: 5 }
    : { linesPerBatch: 200_000, warmUpBatches: 35, batches: 20 };
}

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { SparkContext, StreamingContext } = await import("millrace");
      const { ManualClock } = await import("millrace/testing");
      const { linesPerBatch, warmUpBatches, batches } = sizes(settings);
      const sc = new SparkContext(master, "window");
      const inputs = lineBatches(textInput(settings).path, linesPerBatch).map(lines =>
        sc.parallelize(lines, 2),
      );
      const queue = inTurn(inputs, warmUpBatches + batches);
      const clock = new ManualClock();
      const ssc = new StreamingContext(sc, INTERVAL_MS, { clock });
      const checkpoints = mkdtempSync(join(tmpdir(), "bench-checkpoint-"));
      ssc.checkpoint(checkpoints);
      const batchClock = new BatchClock({ warmUps: warmUpBatches, batches });
      let words = 0;
      ssc
        .queueStream(queue)
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKeyAndWindow(
          (a, b) => a + b,
          (a, b) => a - b,
          WINDOW_MS,
          INTERVAL_MS,
        )
        .foreachRDD((rdd, time) => {
          clock.advance(INTERVAL_MS);
          return batchClock.batch(time.milliseconds, async () => {
            words = await rdd.values().fold(0, (a, b) => a + b);
          });
        });
      await ssc.start();
      clock.advance(INTERVAL_MS);
      await batchClock.finished;
      await ssc.stop();
      rmSync(checkpoints, { recursive: true });
      const { wallSeconds, cpuSeconds, processing } = batchClock;
      return {
        wallSeconds,
        cpuSeconds,
        metrics: {
          linesPerSecond: (linesPerBatch * batches) / wallSeconds,
          batchP50Ms: percentile(processing, 0.5),
          batchMaxMs: percentile(processing, 1),
        },
        answer: `${words} words in the last window`,
      };
    },
  };
}

export const window: Workload = {
  name: "window",
  title:
    "word counts of a 30 s window sliding by 1 s with inverse function; batches of 200 000 lines without a pause",
  headline: { metric: "linesPerSecond", better: "more" },
  inputs: settings => [textInput(settings).name],
  contenders: [
    millrace("local"),
    sparkContender("window", settings => ({ path: textInput(settings).path, ...sizes(settings) })),
    millrace("local[2]"),
  ],
};
