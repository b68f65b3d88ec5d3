import { wordCounts } from "@millrace/examples/network-word-count";
import { type Platform, Seconds, type SparkConf, SparkContext, StreamingContext } from "millrace";
import { startTextServer } from "./text-server.ts";

/** How long and how fast the demo runs. */
export interface DemoOptions {
  /** Stops after about this many batches; `undefined` goes on until Ctrl-C. */
  readonly batches: number | undefined;
  /** What the text server sends. */
  readonly linesPerSecond: number;
  readonly conf: SparkConf;
}

/** Runs the NetworkWordCount example against a text server of its own, one batch a second. */
export async function runDemo(options: DemoOptions, platform: Platform): Promise<void> {
  const { batches, linesPerSecond, conf } = options;
  const say = (text: string) => platform.host.stdout(`${text}\n`);
  const server = await startTextServer(platform, linesPerSecond);
  say(`A text server on localhost:${server.port} sends ${linesPerSecond} lines a second.`);
  say(`NetworkWordCount counts its words every second${batches === undefined ? " until Ctrl-C" : ""}.\n`);

  const seen = { lines: 0, words: 0, batches: 0 };
  try {
    conf.setAppName("Demo").setIfMissing("spark.master", "local[*]");
    const ssc = new StreamingContext(conf, Seconds(1), { platform });
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
        if (seen.batches === batches) enough.resolve();
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
