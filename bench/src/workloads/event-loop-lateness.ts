import { percentile } from "../harness/statistics.ts";
import { startStopwatch } from "../harness/stopwatch.ts";
import type { Contender, Workload } from "../harness/workload.ts";
import { textInput } from "./text-input.ts";

const TIMER_MS = 10;
/** How long the word count must take at least. */
const BUSY_SECONDS = 5;
const QUICK_BUSY_SECONDS = 0.5;

function millrace(master: string): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { SparkContext } = await import("millrace");
      const { path } = textInput(settings);
      const sc = new SparkContext(master, "event loop");
      const count = (copies: number) =>
        sc
          .union(Array.from({ length: copies }, () => sc.textFile(path)))
          .flatMap(line => line.split(" "))
          .map(word => [word, 1])
          .reduceByKey((a, b) => a + b)
          .count();
      // Found by trying, so that one job is long enough on a quick machine, too.
      const trial = startStopwatch();
      await count(1);
      const seconds = settings.quick ? QUICK_BUSY_SECONDS : BUSY_SECONDS;
      const copies = Math.ceil((1.5 * seconds) / trial.stop().wallSeconds);
      const lateness: number[] = [];
      let due = performance.now() + TIMER_MS;
      const timer = setInterval(() => {
        const now = performance.now();
        lateness.push(Math.max(0, now - due));
        due = now + TIMER_MS;
      }, TIMER_MS);
      const stopwatch = startStopwatch();
      await count(copies);
      const { wallSeconds, cpuSeconds } = stopwatch.stop();
      clearInterval(timer);
      return {
        wallSeconds,
        cpuSeconds,
        metrics: {
          latenessP50Ms: percentile(lateness, 0.5),
          latenessP99Ms: percentile(lateness, 0.99),
          latenessMaxMs: percentile(lateness, 1),
          timerCalls: lateness.length,
        },
      };
    },
  };
}

export const eventLoopLateness: Workload = {
  name: "event-loop-lateness",
  title: "how late a 10 ms timer is while a word count of 5 s and more runs in the same thread",
  headline: { metric: "latenessMaxMs", better: "less" },
  inputs: settings => [textInput(settings).name],
  contenders: [millrace("local"), millrace("local[2]")],
};
