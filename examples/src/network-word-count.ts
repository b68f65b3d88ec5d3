/**
 * Counts the words of text lines received from a TCP server, every second.
 *
 *     nc -lk 9999                                                   # in one terminal: type lines here
 *     npx millrace run-example NetworkWordCount localhost 9999      # in another
 */
import { type DStream, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";

/** How often each word occurs in a batch. */
export function wordCounts(lines: DStream<string>): DStream<[string, number]> {
  return lines
    .flatMap(line => line.split(" "))
    .map(word => [word, 1])
    .reduceByKey((a, b) => a + b);
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "NetworkWordCount");
  conf.setAppName("NetworkWordCount").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  wordCounts(ssc.socketTextStream(host, port)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
