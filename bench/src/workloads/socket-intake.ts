import { startStopwatch } from "../harness/stopwatch.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { withLineSender } from "./line-sender.ts";
import { sparkFromSocket } from "./spark-socket.ts";

const INTERVAL_MS = 500;

function batchesOf({ quick }: Settings) {
  return { warmUpBatches: quick ? 2 : 10, batches: quick ? 4 : 20 };
}

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: settings =>
      withLineSender(0, async port => {
        const { StreamingContext } = await import("millrace");
        const { warmUpBatches, batches } = batchesOf(settings);
        const ssc = new StreamingContext(master, "socket intake", INTERVAL_MS);
        const done = Promise.withResolvers<void>();
        let batch = 0;
        let lines = 0;
        let stopwatch: ReturnType<typeof startStopwatch> | undefined;
        let used = { wallSeconds: 0, cpuSeconds: 0 };
        let peakBytes = 0;
        ssc.socketTextStream("127.0.0.1", port).foreachRDD(async rdd => {
          const count = await rdd.count();
          peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
          batch += 1;
          if (batch <= warmUpBatches) {
            if (batch === warmUpBatches) stopwatch = startStopwatch();
            return;
          }
          lines += count;
          if (batch < warmUpBatches + batches) return;
          if (stopwatch !== undefined) used = stopwatch.stop();
          done.resolve();
        });
        await ssc.start();
        await done.promise;
        await ssc.stop();
        const metrics = { linesPerSecond: lines / used.wallSeconds, peakMegabytes: peakBytes / 2 ** 20 };
        return { ...used, metrics };
      }),
  };
}

const spark = sparkFromSocket("socket-intake", 0, settings => ({
  intervalMs: INTERVAL_MS,
  ...batchesOf(settings),
}));

export const socketIntake: Workload = {
  name: "socket-intake",
  title: `lines of 100 bytes from a socket, as many as are taken, counted every ${INTERVAL_MS} ms`,
  headline: { metric: "linesPerSecond", better: "more" },
  inputs: () => [],
  contenders: [millrace("local"), spark, millrace("local[2]")],
};
