/**
 * Pushes an RDD of a thousand numbers into a queue every second; the stream takes one each batch and counts
 * the numbers by their last digit. Ends by itself after thirty seconds.
 *
 *     npx millrace run-example QueueStream
 */
import { type DStream, type RDD, Seconds, SparkConf, StreamingContext } from "millrace";
import { runIfMain, UsageError } from "./command-line.ts";

const pushes = 30;

/** How many numbers end in each digit. */
export function lastDigits(numbers: DStream<number>): DStream<[number, number]> {
  return numbers.map(number => [number % 10, 1]).reduceByKey((a, b) => a + b);
}

/** Runs the example; it takes no arguments. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  if (args.length > 0) throw new UsageError("Usage: QueueStream");
  conf.setAppName("QueueStream").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  const queue: RDD<number>[] = [];
  lastDigits(ssc.queueStream(queue)).print();

  await ssc.start();
  for (let i = 0; i < pushes && StreamingContext.getActive() === ssc; i++) {
    queue.push(ssc.sparkContext.range(1, 1_001, 1, 10));
    await ssc.awaitTerminationOrTimeout(Seconds(1));
  }
  await ssc.stop();
}

await runIfMain(import.meta.filename, run);
