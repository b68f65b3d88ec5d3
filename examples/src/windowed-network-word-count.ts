/**
 * Counts the words of the last 30 seconds, every 10 seconds. With the inverse of the addition, a window costs
 * what enters and leaves it rather than all it holds; as each builds on the one before, such windows ask for
 * a checkpoint directory.
 *
 *     nc -lk 9999
 *     npx millrace run-example WindowedNetworkWordCount localhost 9999
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DStream, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";

/** How often each word occurred in the last 30 seconds; words that have left the window are dropped. */
export function recentWordCounts(lines: DStream<string>): DStream<[string, number]> {
  return lines
    .flatMap(line => line.split(" "))
    .map(word => [word, 1])
    .reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      Seconds(30),
      Seconds(10),
      { filterFunc: ([, count]) => count > 0 },
    );
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "WindowedNetworkWordCount");
  conf.setAppName("WindowedNetworkWordCount").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  ssc.checkpoint(join(tmpdir(), "windowed-network-word-count"));
  recentWordCounts(ssc.socketTextStream(host, port)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
