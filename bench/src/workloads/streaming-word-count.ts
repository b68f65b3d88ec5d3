import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { BatchClock } from "./batch-clock.ts";
import { inTurn, lineBatches } from "./line-batches.ts";
import { textInput } from "./text-input.ts";

const INTERVAL_MS = 1_000;

function sizes({ quick }: Settings) {
  return quick
    ? { linesPerBatch: 30_000, warmUpBatches: 2, batches: 3 }
    : { linesPerBatch: 300_000, warmUpBatches: 4, batches: 9 };
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
      const sc = new SparkContext(master, "streaming word count");
      const inputs = lineBatches(textInput(settings).path, linesPerBatch).map(lines =>
        sc.parallelize(lines, 2),
      );
      const queue = inTurn(inputs, warmUpBatches + batches);
      // Standing still but for one interval a batch: always just the next batch is waiting.
      const clock = new ManualClock();
      const ssc = new StreamingContext(sc, INTERVAL_MS, { clock });
      const batchClock = new BatchClock({ warmUps: warmUpBatches, batches });
      let words = 0;
      ssc
        .queueStream(queue)
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b)
        .foreachRDD((rdd, time) => {
          clock.advance(INTERVAL_MS);
          return batchClock.batch(time.milliseconds, async () => {
            words = await rdd.values().fold(0, (a, b) => a + b);
          });
        });
      await ssc.start();
      clock.advance(INTERVAL_MS);
      await batchClock.finished;
      const { wallSeconds, cpuSeconds } = batchClock;
      return {
        wallSeconds,
        cpuSeconds,
        metrics: { linesPerSecond: (linesPerBatch * batches) / wallSeconds },
        answer: `${words} words in the last batch`,
      };
    },
  };
}

export const streamingWordCount: Workload = {
  name: "streaming-word-count",
  title: "count the words of queued batches of 300 000 lines, one batch after the other without a pause",
  headline: { metric: "linesPerSecond", better: "more" },
  inputs: settings => [textInput(settings).name],
  contenders: [
    millrace("local"),
    sparkContender("streaming-word-count", settings => ({
      path: textInput(settings).path,
      ...sizes(settings),
    })),
    millrace("local[2]"),
  ],
};
