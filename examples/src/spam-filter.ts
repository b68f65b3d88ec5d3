/**
 * Lets messages through whose sender is not on a list of spammers. `transform` looks at the list anew in
 * every batch, so that it may change while the program runs. A message is a line `sender: text`.
 *
 *     echo eve > /tmp/spammers
 *     nc -lk 9999
 *     npx millrace run-example SpamFilter localhost 9999 /tmp/spammers
 */
import { type DStream, type RDD, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";

/** The messages of senders that `spammers` does not name; it is asked once per batch. */
export function withoutSpam(lines: DStream<string>, spammers: () => RDD<string>): DStream<[string, string]> {
  return lines
    .filter(line => line.includes(":"))
    .map(line => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()])
    .transform(messages =>
      messages
        .leftOuterJoin(spammers().map(name => [name.trim(), true]))
        .filter(([, [, isSpammer]]) => isSpammer === undefined)
        .mapValues(([message]) => message),
    );
}

/** Runs the example: `<host> <port> <file>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const file = args[2];
  if (file === undefined || args.length > 3) throw new UsageError("Usage: SpamFilter <host> <port> <file>");
  const [host, port] = hostAndPort(args.slice(0, 2), "SpamFilter", "<host> <port> <file>");
  conf.setAppName("SpamFilter").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  withoutSpam(ssc.socketTextStream(host, port), () => ssc.sparkContext.textFile(file)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
