/**
 * Counts the words of text lines received from a TCP server, every second, and goes on where it stopped when it is
 * killed and started again. The counts of every batch are appended to a file, less the words of a list: the list
 * is a broadcast variable and the number of words left out an accumulator, both made when they are first used.
 *
 *     nc -lk 9999                                                   # in one terminal: type lines here
 *     npx millrace run-example RecoverableNetworkWordCount localhost 9999 /tmp/checkpoint /tmp/counts.txt
 */
import { appendFile } from "node:fs/promises";
import {
  type Broadcast,
  type LongAccumulator,
  type RDD,
  Seconds,
  SparkConf,
  type SparkContext,
  StreamingContext,
  type Time,
} from "millrace";
import { runIfMain, UsageError } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

/** Made when first used: a program that recovers makes them again. */
const shared = new WeakMap<SparkContext, { excluded: Broadcast<string[]>; dropped: LongAccumulator }>();

function sharedOf(sc: SparkContext) {
  const known = shared.get(sc);
  if (known !== undefined) return known;
  const made = {
    excluded: sc.broadcast(["a", "b", "c"]),
    dropped: sc.longAccumulator("DroppedWordsCounter"),
  };
  shared.set(sc, made);
  return made;
}

/** The counts of a batch as a line of text, without the words that are excluded. */
export async function describeCounts(rdd: RDD<[string, number]>, time: Time): Promise<string> {
  const { excluded, dropped } = sharedOf(rdd.context);
  const counts = await rdd
    .filter(([word, count]) => {
      if (!excluded.value.includes(word)) return true;
      dropped.add(count);
      return false;
    })
    .collect();
  const text = counts.map(([word, count]) => `(${word}, ${count})`).join(", ");
  return `Counts at time ${time} [${text}]`;
}

/** Runs the example: `<host> <port> <checkpoint directory> <output file>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port, checkpointDir, outputPath, ...others] = args;
  if (
    others.length > 0 ||
    host === undefined ||
    port === undefined ||
    checkpointDir === undefined ||
    outputPath === undefined
  ) {
    throw new UsageError(
      "Usage: RecoverableNetworkWordCount <host> <port> <checkpoint directory> <output file>",
    );
  }
  conf.setAppName("RecoverableNetworkWordCount").setIfMissing("spark.master", "local[*]");

  const create = (): StreamingContext => {
    const ssc = new StreamingContext(conf, Seconds(1));
    wordCounts(ssc.socketTextStream(host, Number(port))).foreachRDD(async (rdd, time) => {
      const line = await describeCounts(rdd, time);
      console.log(line);
      console.log(`Dropped ${sharedOf(rdd.context).dropped.value} word(s) totally`);
      await appendFile(outputPath, `${line}\n`);
    });
    return ssc;
  };
  const ssc = await StreamingContext.getOrCreate(checkpointDir, create);
  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
