/**
 * Writes word counts to a database, as `foreachRDD` is meant to be used: the partitions write where they are
 * computed, over a connection that each executor opens once and keeps. A batch that runs again, after a
 * failure, replaces its own rows, so that nothing counts twice.
 *
 *     nc -lk 9999
 *     npx millrace run-example WordCountDatabase localhost 9999 /tmp/counts.sqlite
 *     sqlite3 /tmp/counts.sqlite 'select word, sum(count) from counts group by word'
 */
import { DatabaseSync } from "node:sqlite";
import { type DStream, executorLocal, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

/** Writes the counts of every batch to a table `counts` in a file. */
export function saveCounts(counts: DStream<[string, number]>, file: string): void {
  const database = executorLocal(
    () => {
      const opened = new DatabaseSync(file, { timeout: 10_000 });
      opened.exec(
        "create table if not exists counts (batch integer, word text, count integer, primary key (batch, word))",
      );
      return opened;
    },
    { close: opened => opened.close() },
  );
  counts.foreachRDD(async (rdd, time) => {
    const batch = time.milliseconds;
    await rdd.foreachPartition(rows => {
      const connection = database();
      const insert = connection.prepare("insert or replace into counts values (?, ?, ?)");
      connection.exec("begin");
      for (const [word, count] of rows) insert.run(batch, word, count);
      connection.exec("commit");
    });
  });
}

/** Runs the example: `<host> <port> <file>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const file = args[2];
  if (file === undefined || args.length > 3)
    throw new UsageError("Usage: WordCountDatabase <host> <port> <file>");
  const [host, port] = hostAndPort(args.slice(0, 2), "WordCountDatabase", "<host> <port> <file>");
  conf.setAppName("WordCountDatabase").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  saveCounts(wordCounts(ssc.socketTextStream(host, port)), file);

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
