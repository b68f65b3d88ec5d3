import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cpuSecondsWithChildren } from "../harness/children-cpu.ts";
import type { Contender } from "../harness/workload.ts";

const run = promisify(execFile);

/** A tool of the operating system, run once to warm the page cache and once more for the sample. */
export function toolContender(
  name: string,
  command: (quick: boolean) => readonly [string, ...string[]],
  metrics: (seconds: number, quick: boolean) => Record<string, number>,
): Contender {
  return {
    name,
    role: "tool",
    process: "own",
    measure: async ({ quick }) => {
      const [tool, ...args] = command(quick);
      const env = { ...process.env, LC_ALL: "C" };
      await run(tool, args, { env });
      const cpuBefore = cpuSecondsWithChildren() ?? Number.NaN;
      const start = performance.now();
      await run(tool, args, { env });
      const wallSeconds = (performance.now() - start) / 1e3;
      const cpuSeconds = (cpuSecondsWithChildren() ?? Number.NaN) - cpuBefore;
      return { wallSeconds, cpuSeconds, metrics: metrics(wallSeconds, quick) };
    },
  };
}
