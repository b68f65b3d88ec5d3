import { run } from "node:test";
import { dot } from "node:test/reporters";
import { nothing, type Tally } from "./tally.ts";
import { fromRoot } from "./workspace.ts";

/** Runs test files with node:test, each in a process of its own, and prints a dot for each test and every failure. */
export async function runUnitTests(files: readonly string[]): Promise<Tally> {
  if (files.length === 0) return nothing;
  const durations: { readonly file: string; readonly ms: number }[] = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const stream = run({
    files: [...files],
    concurrency: 2,
    // Of a file: those with random programs take some tens of seconds.
    timeout: 180_000,
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
  stream.on("test:summary", ({ file, duration_ms: ms }) => {
    if (file !== undefined) durations.push({ file, ms });
  });
  for await (const text of stream.compose(dot)) process.stdout.write(String(text));
  const slowest = durations.sort((a, b) => b.ms - a.ms).slice(0, 3);
  const times = slowest.map(({ file, ms }) => `${fromRoot(file)} ${(ms / 1000).toFixed(1)} s`);
  console.log(`slowest: ${times.join(", ")}`);
  return counts;
}

/** A suite also fails when one of its tests does; that test was counted already. */
function isOwnFailure(error: Error): boolean {
  return (error as Error & { failureType?: string }).failureType !== "subtestsFailed";
}
