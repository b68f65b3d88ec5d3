import { readLines } from "../floors/read-lines.ts";
import { percentile } from "../harness/statistics.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { inputPath } from "../inputs/input-files.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { BatchClock } from "./batch-clock.ts";
import { inTurn, lineBatches } from "./line-batches.ts";

const INTERVAL_MS = 1_000;
const WINDOW_MS = 10 * INTERVAL_MS;

/** What the pipeline looks at of an event. */
interface AdEvent {
  readonly ad_id: string;
  readonly event_type: string;
  readonly event_time: string;
}

function sizes({ quick }: Settings) {
  return quick
    ? { eventsPerBatch: 20_000, warmUpBatches: 11, batches: 5 }
    : { eventsPerBatch: 250_000, warmUpBatches: 12, batches: 20 };
}

function campaigns(): Map<string, string> {
  const campaignOf = new Map<string, string>();
  readLines(inputPath("yahooCampaigns"), line => {
    const [ad = "", campaign = ""] = line.split(" ");
    campaignOf.set(ad, campaign);
  });
  return campaignOf;
}

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { SparkContext, StreamingContext } = await import("millrace");
      const { ManualClock } = await import("millrace/testing");
      const { eventsPerBatch, warmUpBatches, batches } = sizes(settings);
      const sc = new SparkContext(master, "yahoo");
      const inputs = lineBatches(inputPath("yahoo"), eventsPerBatch).map(lines => sc.parallelize(lines, 2));
      const queue = inTurn(inputs, warmUpBatches + batches);
      const campaignOf = sc.broadcast(campaigns());
      const clock = new ManualClock();
      const ssc = new StreamingContext(sc, INTERVAL_MS, { clock });
      const batchClock = new BatchClock({ warmUps: warmUpBatches, batches });
      let views = 0;
      ssc
        .queueStream(queue)
        .map(line => JSON.parse(line) as AdEvent)
        .filter(event => event.event_type === "view")
        .map(event => [event.ad_id, event.event_time])
        .map(([ad]) => [campaignOf.value.get(ad) ?? "none", 1])
        .reduceByKeyAndWindow((a, b) => a + b, WINDOW_MS)
        .foreachRDD((rdd, time) => {
          clock.advance(INTERVAL_MS);
          return batchClock.batch(time.milliseconds, async () => {
            views = await rdd.values().fold(0, (a, b) => a + b);
          });
        });
      await ssc.start();
      clock.advance(INTERVAL_MS);
      await batchClock.finished;
      await ssc.stop();
      const { wallSeconds, cpuSeconds, processing } = batchClock;
      return {
        wallSeconds,
        cpuSeconds,
        metrics: {
          eventsPerSecond: (eventsPerBatch * batches) / wallSeconds,
          batchP50Ms: percentile(processing, 0.5),
        },
        answer: `${views} views in the last window`,
      };
    },
  };
}

export const yahoo: Workload = {
  name: "yahoo",
  title: "Yahoo streaming benchmark: JSON events in memory, views per campaign in a window of 10 s",
  headline: { metric: "eventsPerSecond", better: "more" },
  inputs: () => ["yahoo", "yahooCampaigns"],
  contenders: [
    millrace("local"),
    sparkContender("yahoo", settings => ({
      path: inputPath("yahoo"),
      campaigns: inputPath("yahooCampaigns"),
      ...sizes(settings),
    })),
    millrace("local[2]"),
  ],
};
