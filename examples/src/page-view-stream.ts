/**
 * Looks at the page views of `PageViewGenerator` in one of five ways:
 * `pageCounts` (each batch), `slidingPageCounts` (the last 10 seconds, every 2), `errorRatePerZipCode` (the
 * same), `activeUserCount` (the last 15 seconds, every 2) and `popularUsersSeen` (a dataset joined in).
 *
 *     npx millrace run-example PageViewGenerator 44444 10
 *     npx millrace run-example PageViewStream errorRatePerZipCode localhost 44444
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DStream, Seconds, SparkConf, StreamingContext } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";
import { type PageView, parsePageView } from "./page-view.ts";

/** Users one has a name for. */
const knownUsers: [id: number, name: string][] = [
  [1, "Patrick Wendell"],
  [2, "Reynold Xin"],
  [3, "Matei Zaharia"],
];

/** How often each page was looked at in a batch. */
export function pageCounts(views: DStream<PageView>): DStream<[string, number]> {
  return views.map<string>(({ url }) => url).countByValue();
}

/** The same over the last 10 seconds. */
export function slidingPageCounts(views: DStream<PageView>): DStream<[string, number]> {
  return views.map<string>(({ url }) => url).countByValueAndWindow(Seconds(10), Seconds(2));
}

/** Which share of the last 30 seconds' requests failed, by zip code. */
export function errorRatePerZipCode(views: DStream<PageView>): DStream<[number, number]> {
  return views
    .window(Seconds(30), Seconds(2))
    .map(({ zipCode, status }) => [zipCode, { all: 1, failed: status === 200 ? 0 : 1 }])
    .reduceByKey((a, b) => ({ all: a.all + b.all, failed: a.failed + b.failed }))
    .mapValues(({ all, failed }) => failed / all);
}

/** How many users came in the last 15 seconds. */
export function activeUserCount(views: DStream<PageView>): DStream<number> {
  return views
    .window(Seconds(15), Seconds(2))
    .map<number>(({ userId }) => userId)
    .transform(ids => ids.distinct())
    .count();
}

/** The names of the known users among the views of a batch. */
export function popularUsersSeen(views: DStream<PageView>): DStream<string> {
  const names = views.context.sparkContext.parallelize(knownUsers).cache();
  return views
    .map(({ userId, url }) => [userId, url])
    .transform(seen => seen.join(names))
    .map<string>(([, [url, name]]) => `${name} saw ${url}`);
}

const metrics: Readonly<Record<string, (views: DStream<PageView>) => DStream<unknown>>> = {
  pageCounts,
  slidingPageCounts,
  errorRatePerZipCode,
  activeUserCount,
  popularUsersSeen,
};

/** Runs the example: `<metric> <host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [metric = "", ...address] = args;
  const look = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (look === undefined || address.length !== 2) {
    throw new UsageError("Usage: PageViewStream <metric> <host> <port>");
  }
  const [host, port] = hostAndPort(address, "PageViewStream", "<metric> <host> <port>");
  conf.setAppName("PageViewStream").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  ssc.checkpoint(join(tmpdir(), "page-view-stream"));
  look(ssc.socketTextStream(host, port).map<PageView>(parsePageView)).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
