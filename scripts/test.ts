/**
 * The whole test run, as `npm test` starts it. Prints the outcome of every step and closes with the counts of
 * all of them. Steps can be named (`npm test -- unit docs`); without names all run, the package checks only
 * with CI=true, as they install from the registry.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult, runNode, tool } from "./support/command.ts";
import { add, closingLine, nothing, readClosingLine, single, type Tally } from "./support/tally.ts";
import { runUnitTests } from "./support/unit-tests.ts";
import { withCleanUp } from "./support/with-clean-up.ts";
import { packageFolders, sourceFiles, workspaceRoot } from "./support/workspace.ts";

interface Step {
  readonly name: string;
  readonly run: () => Promise<Tally>;
  /** Steps that cannot work when this one failed. */
  readonly guards?: readonly string[];
}

const referenceCases = join(workspaceRoot, "..", "shared", "reference", "cases.json");
const quiet = "--disable-warning=ExperimentalWarning";

const steps: readonly Step[] = [
  { name: "layers", run: () => script("check-layers.ts") },
  { name: "types", run: () => check("tsc", ["-b"]), guards: ["packages"] },
  { name: "lint", run: () => check("biome", ["check", "--colors=off", "."]) },
  { name: "unit", run: () => runUnitTests(unitTestFiles()) },
  { name: "type-tests", run: () => script("run-type-tests.ts") },
  { name: "docs", run: () => script("check-docs.ts") },
  { name: "examples", run: () => script("run-doc-examples.ts") },
  { name: "cases", run: runReferenceCases },
  { name: "simulation", run: runSimulations },
  { name: "chaos", run: () => chaos(20) },
  { name: "spark", run: runOnCluster },
  { name: "packages", run: () => script("check-packages.ts", 600_000) },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !steps.some(step => step.name === name));
if (unknown.length > 0) {
  console.log(`no such step: ${unknown.join(", ")}; there are ${steps.map(step => step.name).join(", ")}`);
  process.exit(2);
}

let total = nothing;
const blocked = new Set<string>();
for (const step of steps) {
  if (!isWanted(step.name)) continue;
  console.log(`\n# ${step.name}`);
  if (blocked.has(step.name)) {
    console.log("skipped, as a step it builds on failed");
    total = add(total, { ...nothing, skipped: 1 });
    continue;
  }
  const start = performance.now();
  const tally = await step.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${step.name}: ${closingLine(tally)} (${seconds} s)`);
  if (tally.failed > 0) for (const name of step.guards ?? []) blocked.add(name);
  total = add(total, tally);
}
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

function isWanted(name: string): boolean {
  if (chosen.length > 0) return chosen.includes(name);
  return name !== "packages" || process.env["CI"] === "true";
}

function unitTestFiles(): string[] {
  return sourceFiles(
    "packages/*/src/**/*.test.ts",
    "{examples,bench}/src/**/*.test.ts",
    "scripts/**/*.test.ts",
  );
}

/** The Spark back end on a cluster of this machine, which takes some minutes, 3 GB, Java 17 and PyPI. */
async function runOnCluster(): Promise<Tally> {
  const { CI, MILLRACE_SPARK } = process.env;
  if (!chosen.includes("spark") && MILLRACE_SPARK !== "1" && CI !== "true") {
    console.log("set MILLRACE_SPARK=1 to run these tests on a Spark cluster, which they start and stop");
    return { ...nothing, skipped: 1 };
  }
  const scripts = join(workspaceRoot, "packages/spark/scripts");
  // The tests stop the cluster themselves, unless they are killed.
  return withCleanUp(
    async giveUp =>
      counted(await runNode([quiet, join(scripts, "test-on-cluster.ts")], { timeoutMs: 1_800_000, giveUp })),
    () => runNode([quiet, join(scripts, "cluster.ts"), "stop"]),
  );
}

/** A tool that passes or fails as a whole. */
async function check(name: string, args: readonly string[]): Promise<Tally> {
  const { code, output } = await runNode([tool(name), ...args]);
  if (code !== 0) process.stdout.write(output);
  return single(code === 0);
}

/** A script of ours, which counts for itself. */
async function script(name: string, timeoutMs?: number): Promise<Tally> {
  return counted(
    await runNode([quiet, join(import.meta.dirname, name)], timeoutMs === undefined ? {} : { timeoutMs }),
  );
}

async function runReferenceCases(): Promise<Tally> {
  if (!existsSync(referenceCases)) {
    console.log(`not there: ${referenceCases}`);
    return nothing;
  }
  const main = join(workspaceRoot, "packages/millrace/src/testing/cases/main.ts");
  const tests = packageFolders.flatMap(folder => ["--tests", join(folder, "src")]);
  return counted(await runNode([quiet, "--conditions=millrace-source", main, referenceCases, ...tests]));
}

/** Seeds, and a crash in every call of a small application. */
async function runSimulations(): Promise<Tally> {
  const main = join(workspaceRoot, "packages/millrace/src/testing/simulation/main.ts");
  const command = [quiet, "--conditions=millrace-source", main];
  const seeds = counted(await runNode([...command, "--seeds", "500"], { timeoutMs: 600_000 }));
  const calls = counted(await runNode([...command, "--every-call"], { timeoutMs: 600_000 }));
  return add(seeds, calls);
}

/** Real processes on real files, killed at random moments. */
async function chaos(kills: number): Promise<Tally> {
  const main = join(workspaceRoot, "packages/postgres/src/chaos/main.ts");
  const args = [quiet, "--conditions=millrace-source", main, "--kills", String(kills)];
  return counted(await runNode(args, { timeoutMs: 600_000 }));
}

/** Reads the closing line; a run without one, or that failed though it counted no failure, is one more failure. */
function counted({ code, output }: CommandResult): Tally {
  const lines = output.trimEnd().split("\n");
  const tally = readClosingLine(output);
  const shown = tally ? lines.slice(0, -1) : lines;
  if (shown.some(line => line !== "")) console.log(shown.join("\n"));
  if (!tally) {
    console.log(`ended with exit code ${code} and no count`);
    return single(false);
  }
  return code !== 0 && tally.failed === 0 ? add(tally, single(false)) : tally;
}
