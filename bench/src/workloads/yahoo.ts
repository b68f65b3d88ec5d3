import { readLines } from "../floors/read-lines.ts";
import { percentile } from "../harness/statistics.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { inputPath } from "../inputs/input-files.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { inTurn, lineBatches } from "./line-batches.ts";
import { SteppedStream } from "./stepped-stream.ts";

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
      const { eventsPerBatch, warmUpBatches, batches } = sizes(settings);
      const stepped = await SteppedStream.create(master, "yahoo", {
        intervalMs: INTERVAL_MS,
        warmUps: warmUpBatches,
        batches,
      });
      const { sc, ssc } = stepped;
      const inputs = lineBatches(inputPath("yahoo"), eventsPerBatch).map(lines => sc.parallelize(lines, 2));
      const queue = inTurn(inputs, warmUpBatches + batches);
      const campaignOf = sc.broadcast(campaigns());
      let views = 0;
      const viewsByCampaign = ssc
        .queueStream(queue)
        .map(line => JSON.parse(line) as AdEvent)
        .filter(event => event.event_type === "view")
        .map(event => [event.ad_id, event.event_time])
        .map(([ad]) => [campaignOf.value.get(ad) ?? "none", 1])
        .reduceByKeyAndWindow((a, b) => a + b, WINDOW_MS);
      const { wallSeconds, cpuSeconds, processing } = await stepped.run(viewsByCampaign, async rdd => {
        views = await rdd.values().fold(0, (a, b) => a + b);
      });
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
