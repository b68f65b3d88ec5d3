/**
 * The most popular hash tags in a stream of messages over the last minute and the last ten seconds.
 *
 *     nc -lk 9999
 *     npx millrace run-example PopularTags localhost 9999
 */
import { type DStream, type DurationLike, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";

const shown = 10;

/** How often each tag occurred in the last `window`, the most frequent first. */
export function popularTags(messages: DStream<string>, window: DurationLike): DStream<[string, number]> {
  return messages
    .flatMap(message => message.split(" ").filter(word => word.startsWith("#") && word.length > 1))
    .map(tag => [tag, 1])
    .reduceByKeyAndWindow((a, b) => a + b, window)
    .transform(counts => counts.repartition(1).mapPartitions(all => [...all].sort((a, b) => b[1] - a[1])));
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "PopularTags");
  conf.setAppName("PopularTags").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(2));
  const messages = ssc.socketTextStream(host, port);
  for (const window of [Seconds(60), Seconds(10)]) {
    popularTags(messages, window).foreachRDD(async tags => {
      const top = await tags.take(shown);
      console.log(`\nPopular tags of the last ${window.prettyPrint()}:`);
      for (const [tag, count] of top) console.log(`${tag} (${count} times)`);
    });
  }

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
