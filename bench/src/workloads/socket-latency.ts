import { percentile } from "../harness/statistics.ts";
import { startStopwatch } from "../harness/stopwatch.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { withLineSender } from "./line-sender.ts";
import { sparkFromSocket } from "./spark-socket.ts";

const INTERVAL_MS = 100;
const LINES_PER_SECOND = 10_000;
/** Digits of the time a line begins with. */
const STAMP_LENGTH = 13;

function batchesOf({ quick }: Settings) {
  return { warmUpBatches: quick ? 10 : 100, batches: quick ? 20 : 200 };
}

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: settings =>
      withLineSender(LINES_PER_SECOND, async port => {
        const { StreamingContext } = await import("millrace");
        const { warmUpBatches, batches } = batchesOf(settings);
        const ssc = new StreamingContext(master, "socket latency", INTERVAL_MS);
        const done = Promise.withResolvers<void>();
        const latencies: number[] = [];
        let batch = 0;
        let stopwatch: ReturnType<typeof startStopwatch> | undefined;
        let used = { wallSeconds: 0, cpuSeconds: 0 };
        ssc
          .socketTextStream("127.0.0.1", port)
          .map(line => Number(line.slice(0, STAMP_LENGTH)))
          .foreachRDD(async (rdd, time) => {
            const stamps = await rdd.collect();
            const now = Date.now();
            // Warm-up lasts until the backlog of the start is worked off.
            const isLate = stopwatch === undefined && now - time.milliseconds > INTERVAL_MS;
            if (!isLate || batch < warmUpBatches - 1) batch += 1;
            if (batch <= warmUpBatches) {
              if (batch === warmUpBatches) stopwatch ??= startStopwatch();
              return;
            }
            if (batch > warmUpBatches + batches) return;
            for (const stamp of stamps) latencies.push(now - stamp);
            if (batch < warmUpBatches + batches) return;
            if (stopwatch !== undefined) used = stopwatch.stop();
            done.resolve();
          });
        await ssc.start();
        await done.promise;
        await ssc.stop();
        const metrics = {
          latencyP50Ms: percentile(latencies, 0.5),
          latencyP99Ms: percentile(latencies, 0.99),
          linesPerSecond: latencies.length / used.wallSeconds,
        };
        return { ...used, metrics };
      }),
  };
}

const spark = sparkFromSocket("socket-latency", LINES_PER_SECOND, settings => ({
  intervalMs: INTERVAL_MS,
  ...batchesOf(settings),
}));

export const socketLatency: Workload = {
  name: "socket-latency",
  title: `${LINES_PER_SECOND} lines a second from a socket, batches of ${INTERVAL_MS} ms: from sending to output`,
  headline: { metric: "latencyP50Ms", better: "less" },
  inputs: () => [],
  contenders: [millrace("local"), spark, millrace("local[2]")],
};
