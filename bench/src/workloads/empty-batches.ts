import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Samples } from "../harness/samples.ts";
import { percentile } from "../harness/statistics.ts";
import type { Contender, Workload } from "../harness/workload.ts";
import { BatchClock } from "./batch-clock.ts";

const INTERVAL_MS = 10;
const BATCHES = 10_000;
const QUICK_BATCHES = 300;
/**
 * Batches before memory is looked at: caches are full, code is compiled. V8 compiles most of it in the first 750; of those
 * between 250 and 500 one in eight takes twice as long as usual, which would be half of the slowest hundred of 10 000.
 */
const WARM_UP = 1_000;
const QUICK_WARM_UP = 200;
/** Batches after the collection of garbage that this takes, before time counts. */
const SETTLING = 50;

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    nodeFlags: ["--expose-gc"],
    measure: async ({ quick }) => {
      const { StreamingContext } = await import("millrace");
      const batches = quick ? QUICK_BATCHES : BATCHES;
      const warmUp = quick ? QUICK_WARM_UP : WARM_UP;
      const ssc = new StreamingContext(master, "empty batches", INTERVAL_MS);
      const batchClock = new BatchClock({ warmUps: warmUp + SETTLING, batches });
      // The time the event loop was not waiting between one batch's output operation and the next one's.
      const busyMs = new Samples(warmUp + SETTLING + batches + 1);
      // Of that what its thread ran for: without what others had the processor for.
      const cpuMs = new Samples(warmUp + SETTLING + batches + 1);
      let lastBusy = performance.eventLoopUtilization().active;
      let lastCpu = threadCpuMs();
      ssc
        .queueStream<string>([])
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b)
        .foreachRDD((rdd, time) => {
          const busy = performance.eventLoopUtilization().active;
          busyMs.push(busy - lastBusy);
          lastBusy = busy;
          const cpu = threadCpuMs();
          cpuMs.push(cpu - lastCpu);
          lastCpu = cpu;
          return batchClock.batch(time.milliseconds, () => rdd.collect());
        });
      await ssc.start();
      while (busyMs.count < warmUp) await batchOrSo();
      const heapBefore = await heapAfterCollection();
      await batchClock.finished;
      const heapAfter = await heapAfterCollection();
      const [first, last] = [warmUp + SETTLING + 1, warmUp + SETTLING + batches];
      const busy = busyMs.list(first, last);
      const cpu = cpuMs.list(first, last);
      const { wallSeconds, cpuSeconds } = batchClock;
      const { processingP50Ms, processingP99Ms, batchesBehind } = batchClock.delayMetrics(INTERVAL_MS);
      return {
        wallSeconds,
        cpuSeconds,
        metrics: {
          busyP50Ms: percentile(busy, 0.5),
          busyP99Ms: percentile(busy, 0.99),
          cpuP50Ms: percentile(cpu, 0.5),
          cpuP99Ms: percentile(cpu, 0.99),
          processingP50Ms: processingP50Ms as number,
          processingP99Ms: processingP99Ms as number,
          batchesBehind: batchesBehind as number,
          heapBeforeMB: heapBefore / 2 ** 20,
          heapAfterMB: heapAfter / 2 ** 20,
          heapGrowthBytesPerBatch: (heapAfter - heapBefore) / batches,
        },
      };
    },
  };
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function batchOrSo(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, INTERVAL_MS));
}

async function heapAfterCollection(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await nextTurn();
  }
  return process.memoryUsage().heapUsed;
}

export const emptyBatches: Workload = {
  name: "empty-batches",
  title: "10 000 batches of nothing every 10 ms: our time in each, memory before and after",
  headline: { metric: "busyP99Ms", better: "less" },
  inputs: () => [],
  contenders: [millrace("local"), millrace("local[2]")],
};
