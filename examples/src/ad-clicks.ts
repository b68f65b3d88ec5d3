/**
 * Joins two streams: advertisements that were shown with clicks on them. A click comes some time after its
 * showing, so both sides are windows, of which the longer one is that of the showings. A showing is a line
 * `id advertisement`, a click a line `id`.
 *
 *     nc -lk 9998        # showings
 *     nc -lk 9999        # clicks
 *     npx millrace run-example AdClicks localhost 9998 9999
 */
import { type DStream, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";

/** How often each advertisement of the last 20 seconds was clicked in the last 2. */
export function clicksByAd(showings: DStream<string>, clicks: DStream<string>): DStream<[string, number]> {
  const recent = showings
    .filter(line => line.includes(" "))
    .map(line => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)])
    .window(Seconds(20), Seconds(2));
  return clicks
    .map(id => [id, 1])
    .window(Seconds(2), Seconds(2))
    .join(recent)
    .map(([, [count, advertisement]]) => [advertisement, count])
    .reduceByKey((a, b) => a + b);
}

/** Runs the example: `<host> <port> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host = "", showings = "", clicks] = args;
  if (clicks === undefined || args.length > 3) throw new UsageError("Usage: AdClicks <host> <port> <port>");
  const [, showingPort] = hostAndPort([host, showings], "AdClicks", "<host> <port> <port>");
  const [, clickPort] = hostAndPort([host, clicks], "AdClicks", "<host> <port> <port>");
  conf.setAppName("AdClicks").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  clicksByAd(ssc.socketTextStream(host, showingPort), ssc.socketTextStream(host, clickPort)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
