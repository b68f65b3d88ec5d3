import { mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../harness/statistics.ts";
import { startStopwatch } from "../harness/stopwatch.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { inTurn } from "./line-batches.ts";

const INTERVAL_MS = 1_000;

function sizes({ quick }: Settings) {
  return quick
    ? { keys: 10_000, warmUpBatches: 3, batches: 3 }
    : { keys: 100_000, warmUpBatches: 8, batches: 20 };
}

/** The names of checkpoint files as they come into their place. */
function checkpointFiles(directory: string) {
  let arrived = Promise.withResolvers<void>();
  let newest = 0;
  const watcher = watch(directory, (_, name) => {
    const timeMs = Number(/^checkpoint-(\d+)\.\d+\.\d+$/.exec(name ?? "")?.[1] ?? 0);
    if (timeMs <= newest) return;
    newest = timeMs;
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  return {
    async until(timeMs: number): Promise<void> {
      while (newest < timeMs) await arrived.promise;
    },
    close: () => watcher.close(),
  };
}

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { SparkContext, StateSpec, StreamingContext } = await import("millrace");
      const { ManualClock } = await import("millrace/testing");
      const { keys, warmUpBatches, batches } = sizes(settings);
      const sc = new SparkContext(master, "state-checkpoint");
      const everyKey = sc.parallelize(
        Array.from({ length: keys }, (_, i): [string, number] => [`user-${i}`, 1]),
        2,
      );
      const clock = new ManualClock();
      const ssc = new StreamingContext(sc, INTERVAL_MS, { clock });
      const directory = mkdtempSync(join(tmpdir(), "bench-checkpoint-"));
      ssc.checkpoint(directory);
      const counting = StateSpec.function<string, number, number, number>((_, one, count) => {
        const sum = (count.getOption() ?? 0) + (one ?? 0);
        count.update(sum);
        return sum;
      });
      let done = Promise.withResolvers<void>();
      let count = 0;
      const counts = ssc.queueStream(inTurn([everyKey], warmUpBatches + batches)).mapWithState(counting);
      counts.checkpoint(INTERVAL_MS);
      counts.foreachRDD(async rdd => {
        count = await rdd.count();
        done.resolve();
      });
      await ssc.start();
      const files = checkpointFiles(directory);
      const saving: number[] = [];
      let stopwatch = startStopwatch();
      for (let batch = 1; batch <= warmUpBatches + batches; batch++) {
        if (batch === warmUpBatches + 1) stopwatch = startStopwatch();
        done = Promise.withResolvers();
        clock.advance(INTERVAL_MS);
        await done.promise;
        const outputDone = performance.now();
        await files.until(clock.now());
        if (batch > warmUpBatches) saving.push(performance.now() - outputDone);
      }
      const { wallSeconds, cpuSeconds } = stopwatch.stop();
      files.close();
      await ssc.stop();
      rmSync(directory, { recursive: true });
      return {
        wallSeconds,
        cpuSeconds,
        metrics: { savingP50Ms: percentile(saving, 0.5), savingMaxMs: percentile(saving, 1) },
        answer: `${count} records in the last batch`,
      };
    },
  };
}

/** What saving costs by itself: nothing runs beside it, and the next batch waits until the files are on the disk. */
export const stateCheckpoint: Workload = {
  name: "state-checkpoint",
  title: "from the end of a batch that changed 100 000 keys until its checkpoint is on the disk",
  headline: { metric: "savingP50Ms", better: "less" },
  inputs: () => [],
  contenders: [millrace("local"), millrace("local[2]")],
};
