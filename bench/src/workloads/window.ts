import { percentile } from "../harness/statistics.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { inTurn, lineBatches } from "./line-batches.ts";
import { SteppedStream } from "./stepped-stream.ts";
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
      const { linesPerBatch, warmUpBatches, batches } = sizes(settings);
      const stepped = await SteppedStream.create(master, "window", {
        intervalMs: INTERVAL_MS,
        warmUps: warmUpBatches,
        batches,
        checkpoints: true,
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
        .reduceByKeyAndWindow(
          (a, b) => a + b,
          (a, b) => a - b,
          WINDOW_MS,
          INTERVAL_MS,
        );
      const { wallSeconds, cpuSeconds, processing } = await stepped.run(counts, async rdd => {
        words = await rdd.values().fold(0, (a, b) => a + b);
      });
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
