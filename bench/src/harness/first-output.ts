import { spawn } from "node:child_process";
import { cpuSecondsWithChildren } from "./children-cpu.ts";
import type { Sample } from "./workload.ts";

const SHOWN_OUTPUT = 4_000;

/**
 * Starts a process, waits until it prints a line of a first counted batch (`wanted`) and kills it. CPU time is
 * that of its life, the killing included.
 */
export async function timeToFirstOutput(
  command: string,
  args: readonly string[],
  wanted: string,
): Promise<Sample> {
  const cpuBefore = cpuSecondsWithChildren() ?? Number.NaN;
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let seconds: number | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (seconds !== undefined || !output.includes(wanted)) return;
    seconds = (performance.now() - start) / 1e3;
    child.kill("SIGKILL");
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-SHOWN_OUTPUT);
  });
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (seconds === undefined) throw new Error(`${command} ended without printing ${wanted}\n${errors}`);
  return {
    wallSeconds: seconds,
    cpuSeconds: (cpuSecondsWithChildren() ?? Number.NaN) - cpuBefore,
    metrics: { secondsToOutput: seconds },
  };
}
