/**
 * Counts the words of text files as they appear in a directory. Write a file elsewhere (or under a name that
 * begins with a dot) and move it there: a file that is still being written may be read half.
 *
 *     mkdir -p /tmp/texts
 *     npx millrace run-example HdfsWordCount /tmp/texts
 *     echo "to be or not to be" > /tmp/texts/.a && mv /tmp/texts/.a /tmp/texts/a
 */
import { Seconds, SparkConf, StreamingContext } from "millrace";
import { runIfMain, UsageError } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

/** Runs the example: `<directory>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [directory] = args;
  if (directory === undefined || args.length > 1) throw new UsageError("Usage: HdfsWordCount <directory>");
  conf.setAppName("HdfsWordCount").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(2));
  wordCounts(ssc.textFileStream(directory)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
