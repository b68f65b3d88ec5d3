import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeToFirstOutput } from "../harness/first-output.ts";
import type { Workload } from "../harness/workload.ts";

const PROGRAM = join(import.meta.dirname, "recovery-program.ts");

/** A program runs for two seconds, is killed, and is started again: how long until it says what it knew. */
function recoveryTime(keys: number): Workload {
  return {
    name: `recovery-time-${keys}`,
    title: `from the start of a killed program to its first correct output, ${keys} keys`,
    headline: { metric: "secondsToOutput", better: "less" },
    inputs: () => [],
    contenders: [
      {
        name: "millrace local (built)",
        role: "millrace",
        process: "own",
        measure: async () => {
          const directory = mkdtempSync(join(tmpdir(), "recovery-time-"));
          try {
            await timeToFirstOutput(process.execPath, [PROGRAM, directory, String(keys)], "enough");
            return await timeToFirstOutput(
              process.execPath,
              [PROGRAM, directory, String(keys)],
              "all keys known",
            );
          } finally {
            rmSync(directory, { recursive: true });
          }
        },
      },
    ],
  };
}

export const recoveryTimeWorkloads: readonly Workload[] = [10_000, 100_000].map(recoveryTime);
