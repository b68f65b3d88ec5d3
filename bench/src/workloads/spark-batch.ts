import type { DStream, RDD } from "millrace";
import { watchRequests } from "../harness/open-requests.ts";
import { percentile } from "../harness/statistics.ts";
import { startStopwatch } from "../harness/stopwatch.ts";
import type { Contender, Workload } from "../harness/workload.ts";
import { runningCluster } from "../spark/cluster.ts";
import { alongStages, readTaskTimes } from "../spark/task-times.ts";

const LINES = Array.from(
  { length: 100 },
  (_, i) => `${i} the quick brown fox jumps over the lazy dog ${i % 7}`,
);
const BATCHES = 200;
const WARM_UP = 60;

type Lines = DStream<string>;
const add = (a: number, b: number) => a + b;
const ones = (lines: Lines) => lines.flatMap(line => line.split(" ")).map(word => [word, 1]);

/** Counts since the start: each batch merges into what the one before left on the cluster. */
function runningCounts(lines: Lines) {
  let total: RDD<[string, number]> | undefined;
  return ones(lines).transform(batch => {
    const all = total === undefined ? batch : total.union(batch);
    total = all.reduceByKey(add, 2).localCheckpoint();
    return total;
  });
}

const kinds: readonly (readonly [string, (lines: Lines) => DStream<unknown>])[] = [
  ["map-only", lines => lines.map(line => line.length)],
  ["two stages", lines => ones(lines).reduceByKey(add, 2)],
  ["checkpointed", runningCounts],
  ["window with inverse", lines => ones(lines).reduceByKeyAndWindow(add, (a, b) => a - b, "3s", "1s")],
];

/** Where the time of one batch went, in milliseconds. */
interface Breakdown {
  readonly totalMs: number;
  /** Of the driver while it has no request open. */
  readonly planningMs: number;
  /** Of the driver while it has. */
  readonly clientMs: number;
  readonly serverMs: number;
  readonly pythonMs: number;
  readonly bridgeMs: number;
  readonly nodeMs: number;
  /** Planning, client, bridge and Node. */
  readonly ownMs: number;
}

function contender(name: string, pipeline: (lines: Lines) => DStream<unknown>): Contender {
  return {
    name,
    role: "millrace",
    process: "fresh",
    measure: async ({ quick }) => {
      const { SparkContext } = await import("millrace");
      const { TestHarness } = await import("millrace/testing");
      const requests = watchRequests();
      const sparkContext = new SparkContext(runningCluster().url, name);
      const harness = new TestHarness({ sparkContext });
      const input = harness.addInput<string>();
      pipeline(input.stream).foreachRDD(rdd => rdd.collect().then(() => {}));
      const batch = async () => {
        input.push(LINES);
        const [from, busy] = [performance.now(), performance.eventLoopUtilization().active];
        await harness.advanceBatch();
        return { from, to: performance.now(), busyMs: performance.eventLoopUtilization().active - busy };
      };
      for (let i = 0; i < (quick ? 3 : WARM_UP); i++) await batch();
      const stopwatch = startStopwatch();
      const batches: Awaited<ReturnType<typeof batch>>[] = [];
      for (let i = 0; i < (quick ? 5 : BATCHES); i++) batches.push(await batch());
      const { wallSeconds, cpuSeconds } = stopwatch.stop();
      await harness.stop();
      await sparkContext.stop();

      const tasks = readTaskTimes();
      const breakdowns = batches.map(({ from, to, busyMs }): Breakdown => {
        const isOfBatch = ({ at }: { readonly at: number }) =>
          at >= from + performance.timeOrigin && at < to + performance.timeOrigin;
        const { pythonMs, bridgeMs, nodeMs } = alongStages(tasks.filter(isOfBatch));
        const totalMs = to - from;
        const planningMs = totalMs - requests.openMs(from, to);
        const clientMs = Math.max(0, busyMs - planningMs);
        const ownMs = planningMs + clientMs + bridgeMs + nodeMs;
        const serverMs = totalMs - ownMs - pythonMs;
        return { totalMs, planningMs, clientMs, serverMs, pythonMs, bridgeMs, nodeMs, ownMs };
      });
      return { wallSeconds, cpuSeconds, metrics: metricsOf(breakdowns) };
    },
  };
}

function metricsOf(breakdowns: readonly Breakdown[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  const of = (part: keyof Breakdown, share: number) =>
    percentile(
      breakdowns.map(breakdown => breakdown[part]),
      share,
    );
  for (const part of ["total", "own", "planning", "client", "server", "python", "bridge", "node"] as const)
    metrics[`${part}P50Ms`] = of(`${part}Ms`, 0.5);
  for (const part of ["total", "own"] as const) metrics[`${part}P99Ms`] = of(`${part}Ms`, 0.99);
  return metrics;
}

export const sparkBatch: Workload = {
  name: "spark-batch",
  title: `batches of ${LINES.length} lines on a Spark cluster, one after the other: where their time goes`,
  headline: { metric: "ownP50Ms", better: "less" },
  inputs: () => [],
  onCluster: true,
  contenders: kinds.map(([name, pipeline]) => contender(name, pipeline)),
};
