import { run } from "node:test";
import { dot } from "node:test/reporters";
import { nothing, type Tally } from "./tally.ts";

/** Runs test files with node:test, each in a process of its own, and prints a dot for each test and every failure. */
export async function runUnitTests(files: readonly string[]): Promise<Tally> {
  if (files.length === 0) return nothing;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const stream = run({
    files: [...files],
    concurrency: 2,
    timeout: 60_000,
    execArgv: ["--conditions=millrace-source", "--disable-warning=ExperimentalWarning"],
  });
  // Suites report as tests do; only what is no suite counts, and a file that cannot even be loaded.
  stream.on("test:pass", event => {
    if (event.details.type === "suite") return;
    if (event.skip !== undefined || event.todo !== undefined) counts.skipped++;
    else counts.passed++;
  });
  stream.on("test:fail", event => {
    if (event.details.type === "suite" && !isOwnFailure(event.details.error)) return;
    if (event.todo !== undefined) counts.skipped++;
    else counts.failed++;
  });
  for await (const text of stream.compose(dot)) process.stdout.write(String(text));
  return counts;
}

/** A suite also fails when one of its tests does; that test was counted already. */
function isOwnFailure(error: Error): boolean {
  return (error as Error & { failureType?: string }).failureType !== "subtestsFailed";
}
