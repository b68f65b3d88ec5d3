/**
 * Counts the lines that contain "the" in what several connections to `RawTextSender` bring: as fast as lines
 * can come, as they are decoded where they are processed.
 *
 *     npx millrace run-example RawTextSender 9999 README.md 100000 1000000
 *     npx millrace run-example RawNetworkGrep 2 localhost 9999 1000
 */
import { type DStream, Milliseconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";

/** How many lines of a batch contain "the". */
export function linesWithThe(lines: DStream<string>): DStream<number> {
  return lines.filter(line => line.includes("the")).count();
}

/** Runs the example: `<numStreams> <host> <port> <batchMillis>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const usage = "<numStreams> <host> <port> <batchMillis>";
  const [numStreams = "", hostText = "", portText = "", batchMillis] = args;
  if (args.length !== 4 || !(Number(numStreams) > 0) || !(Number(batchMillis) > 0)) {
    throw new UsageError(`Usage: RawNetworkGrep ${usage}`);
  }
  const [host, port] = hostAndPort([hostText, portText], "RawNetworkGrep", usage);
  conf.setAppName("RawNetworkGrep").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Milliseconds(Number(batchMillis)));
  const streams = Array.from({ length: Number(numStreams) }, () => ssc.rawSocketStream<string>(host, port));
  linesWithThe(ssc.union(streams)).foreachRDD(async rdd => {
    for (const count of await rdd.collect()) console.log(`Grep count: ${count}`);
  });

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
