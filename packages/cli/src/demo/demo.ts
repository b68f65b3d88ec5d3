import { wordCounts } from "@millrace/examples/network-word-count";
import { Seconds, type SparkConf, StreamingContext } from "millrace";
import type { Output } from "../output.ts";
import { startTextServer } from "./text-server.ts";

/** How long and how fast the demo runs. */
export interface DemoOptions {
  /** Stops after about this many batches; `undefined` goes on until Ctrl-C. */
  readonly batches: number | undefined;
  /** What the text server sends. */
  readonly linesPerSecond: number;
  readonly conf: SparkConf;
}

/** What a graceful stop adds: the batch that is being collected, and two more to be sure of everything. */
const batchesOfStop = 3;

/** Runs the NetworkWordCount example against a text server of its own, one batch a second. */
export async function runDemo({ batches, linesPerSecond, conf }: DemoOptions, output: Output): Promise<void> {
  const say = (text: string) => output.stdout(`${text}\n`);
  const ssc = new StreamingContext(
    conf.setAppName("Demo").setIfMissing("spark.master", "local[*]"),
    Seconds(1),
  );
  const server = await startTextServer(ssc.platform, linesPerSecond);
  say(`A text server on localhost:${server.port} sends ${linesPerSecond} lines a second.`);
  say(`NetworkWordCount counts its words every second${batches === undefined ? ", until Ctrl-C" : ""}.\n`);

  const seen = { lines: 0, words: 0, batches: 0 };
  try {
    const counts = wordCounts(ssc.socketTextStream("localhost", server.port));
    counts.print();
    counts.foreachRDD(async rdd => {
      seen.words += await rdd.map(([, count]) => count).fold(0, (a, b) => a + b);
    });

    const enough = Promise.withResolvers<void>();
    ssc.addStreamingListener({
      onBatchCompleted({ batchInfo }) {
        seen.batches++;
        seen.lines += batchInfo.numRecords;
        if (batches !== undefined && seen.batches + batchesOfStop >= batches) enough.resolve();
      },
    });
    await ssc.start();
    await Promise.race([enough.promise, ssc.awaitTermination()]);
    await ssc.stop({ graceful: true });
  } finally {
    await server.close();
  }
  say(`Counted ${seen.words} words of ${seen.lines} lines in ${seen.batches} batches.`);
}
