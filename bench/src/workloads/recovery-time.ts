import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeToFirstOutput } from "../harness/first-output.ts";
import type { Contender, Workload } from "../harness/workload.ts";

/** As TypeScript, which Node strips of its types at every start, and as `npm run build` leaves it. */
const PROGRAM = join(import.meta.dirname, "recovery-program.ts");
const BUILT_PROGRAM = join(import.meta.dirname, "../../dist/workloads/recovery-program.js");

function contender(name: string, command: readonly string[], keys: number): Contender {
  return {
    name,
    role: "millrace",
    process: "own",
    measure: async () => {
      const directory = mkdtempSync(join(tmpdir(), "recovery-time-"));
      const args = [...command, directory, String(keys)];
      try {
        await timeToFirstOutput(process.execPath, args, "enough");
        return await timeToFirstOutput(process.execPath, args, "all keys known");
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  };
}

/** A program runs for two seconds, is killed, and is started again: how long until it says what it knew. */
function recoveryTime(keys: number): Workload {
  return {
    name: `recovery-time-${keys}`,
    title: `from the start of a killed program to its first correct output, ${keys} keys`,
    headline: { metric: "secondsToOutput", better: "less" },
    inputs: () => [],
    contenders: [
      contender("millrace local (built)", [BUILT_PROGRAM], keys),
      contender("millrace local (built, program as TypeScript)", [PROGRAM], keys),
      contender("millrace local (sources)", ["--conditions=millrace-source", PROGRAM], keys),
    ],
  };
}

export const recoveryTimeWorkloads: readonly Workload[] = [10_000, 100_000].map(recoveryTime);
