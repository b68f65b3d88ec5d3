import { median } from "./statistics.ts";
import { startStopwatch } from "./stopwatch.ts";
import type { Sample, Settings } from "./workload.ts";

/** Runs of a body before anything counts, and runs that count. */
export function repetitions(settings: Settings): { readonly warmUps: number; readonly measured: number } {
  return settings.quick ? { warmUps: 1, measured: 1 } : { warmUps: 2, measured: 3 };
}

/**
 * Runs `body` until it is warm, then a few times more, and gives the medians. `firstSeconds` among the metrics
 * is the very first run: what a program pays that does the work only once.
 */
export async function measureRepeatedly(
  settings: Settings,
  body: () => string | Promise<string>,
  metrics: (seconds: number) => Record<string, number>,
): Promise<Sample> {
  const { warmUps, measured } = repetitions(settings);
  const wall: number[] = [];
  const cpu: number[] = [];
  let firstSeconds = 0;
  let answer = "";
  for (let run = 0; run < warmUps + measured; run++) {
    const stopwatch = startStopwatch();
    answer = await body();
    const { wallSeconds, cpuSeconds } = stopwatch.stop();
    if (run === 0) firstSeconds = wallSeconds;
    if (run < warmUps) continue;
    wall.push(wallSeconds);
    cpu.push(cpuSeconds);
  }
  const wallSeconds = median(wall);
  return {
    wallSeconds,
    cpuSeconds: median(cpu),
    metrics: { ...metrics(wallSeconds), firstSeconds },
    answer,
  };
}
