import { join } from "node:path";
import { timeToFirstOutput } from "../harness/first-output.ts";
import type { Contender, Workload } from "../harness/workload.ts";
import { sparkCommand } from "../spark/spark-contender.ts";

const PROGRAM = join(import.meta.dirname, "first-output-program.ts");
const INTERVAL_MS = 100;
/** In the first block that shows counted words. */
const COUNTED = "(be,2)";

function contender(name: string, role: Contender["role"], command: () => [string, string[]]): Contender {
  return {
    name,
    role,
    process: "own",
    measure: () => {
      const [program, args] = command();
      return timeToFirstOutput(program, args, COUNTED);
    },
  };
}

export const firstOutput: Workload = {
  name: "first-output",
  title: "from the start of a process to the first printed counts of a 100 ms streaming program",
  headline: { metric: "secondsToOutput", better: "less" },
  inputs: () => [],
  contenders: [
    contender("millrace local (built)", "millrace", () => [process.execPath, [PROGRAM]]),
    contender("spark local[2]", "spark", () => [
      "java",
      sparkCommand("first-output", { intervalMs: INTERVAL_MS }),
    ]),
    contender("millrace local (sources)", "millrace", () => [
      process.execPath,
      ["--conditions=millrace-source", PROGRAM],
    ]),
    contender("node that prints", "floor", () => [
      process.execPath,
      ["--eval", `console.log("${COUNTED}"); setInterval(() => {}, 1000)`],
    ]),
  ],
};
