/**
 * Starts a standalone cluster, runs the tests that need one and the reference cases on it, and stops it. Prints
 * their count as its last line. `--version 4.2` takes another Spark.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  add,
  closingLine,
  nothing,
  readClosingLine,
  single,
  type Tally,
} from "../../../scripts/support/tally.ts";
import { runUnitTests } from "../../../scripts/support/unit-tests.ts";

const { values } = parseArgs({ options: { version: { type: "string", default: "4.1" } } });
const root = join(import.meta.dirname, "..", "..", "..");
const version = ["--version", values.version];
const cluster = (command: "start" | "stop") =>
  execFileSync(process.execPath, [join(import.meta.dirname, "cluster.ts"), command, ...version], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();

const url = cluster("start");
let total: Tally = nothing;
try {
  const state = JSON.parse(
    readFileSync(join(root, ".cache/spark", values.version, "cluster.json"), "utf8"),
  ) as {
    readonly pids: { readonly connect: number };
  };
  process.env["MILLRACE_SPARK_URL"] = url;
  process.env["MILLRACE_SPARK_SERVER_PID"] = String(state.pids.connect);
  console.log(`Spark ${values.version} at ${url}`);
  const files = globSync("packages/spark/src/**/*.cluster-test.ts", { cwd: root }).sort();
  // The server has memory for one session's executors at a time.
  for (const file of files.filter(name => !name.includes("server-killed"))) {
    total = add(total, await runUnitTests([join(root, file)]));
  }
  total = add(total, runCases());
  for (const file of files.filter(name => name.includes("server-killed"))) {
    total = add(total, await runUnitTests([join(root, file)]));
  }
} finally {
  cluster("stop");
}
console.log(closingLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

function runCases(): Tally {
  const cases = join(root, "..", "shared", "reference", "cases.json");
  if (!existsSync(cases)) {
    console.log(`not there: ${cases}`);
    return nothing;
  }
  const main = join(root, "packages/millrace/src/testing/cases/main.ts");
  const { stdout, status } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--conditions=millrace-source", main, cases, "--master", url],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  console.log(stdout.trimEnd());
  return readClosingLine(stdout) ?? single(status === 0);
}
