/**
 * The words of the last seconds by how glad they sound: joins word counts with a list of words and their
 * sentiment, which is no stream but an RDD that every batch is joined with.
 *
 *     nc -lk 9999
 *     npx millrace run-example NetworkWordJoinSentiments localhost 9999
 */
import { type DStream, type RDD, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

/** From −5, as sad as can be, to 5. A program of use would read thousands of them with `sc.textFile`. */
const sentiments: [word: string, sentiment: number][] = [
  ["bad", -3],
  ["better", 2],
  ["good", 3],
  ["happy", 3],
  ["hope", 2],
  ["love", 3],
  ["lost", -3],
  ["sad", -2],
  ["sorry", -1],
  ["terrible", -3],
  ["win", 4],
  ["wonderful", 4],
];

/** Words with what their sentiment comes to: sentiment times occurrences, the happiest first. */
export function happiestWords(
  lines: DStream<string>,
  known: RDD<[string, number]>,
): DStream<[string, number]> {
  return wordCounts(lines)
    .transform(counts => counts.join(known).mapValues(([count, sentiment]) => count * sentiment))
    .transform(scores => scores.repartition(1).mapPartitions(all => [...all].sort((a, b) => b[1] - a[1])));
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "NetworkWordJoinSentiments");
  conf.setAppName("NetworkWordJoinSentiments").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(5));
  const known = ssc.sparkContext.parallelize(sentiments).cache();
  happiestWords(ssc.socketTextStream(host, port), known).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
