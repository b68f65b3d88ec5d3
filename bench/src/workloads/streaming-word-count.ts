import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { inTurn, lineBatches } from "./line-batches.ts";
import { SteppedStream } from "./stepped-stream.ts";
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
      const { linesPerBatch, warmUpBatches, batches } = sizes(settings);
      const stepped = await SteppedStream.create(master, "streaming word count", {
        intervalMs: INTERVAL_MS,
        warmUps: warmUpBatches,
        batches,
      });
      const { sc, ssc } = stepped;
      const inputs = lineBatches(textInput(settings).path, linesPerBatch).map(lines =>
        sc.parallelize(lines, 2),
      );
      const queue = inTurn(inputs, warmUpBatches + batches);
      let words = 0;
      const counts = ssc
        .queueStream(queue)
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b);
      const { wallSeconds, cpuSeconds } = await stepped.run(counts, async rdd => {
        words = await rdd.values().fold(0, (a, b) => a + b);
      });
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
