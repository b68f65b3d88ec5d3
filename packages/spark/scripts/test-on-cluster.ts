/**
 * Starts a standalone cluster, runs the tests that need one and the reference cases of RDDs and streams on it,
 * and stops it. Prints their count as its last line; no cluster is one failure. `--version 4.2`, or
 * MILLRACE_SPARK_VERSION, takes another Spark.
 */
import { spawnSync } from "node:child_process";
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

const { MILLRACE_SPARK_VERSION = "4.1" } = process.env;
const { values } = parseArgs({ options: { version: { type: "string", default: MILLRACE_SPARK_VERSION } } });
const root = join(import.meta.dirname, "..", "..", "..");

const url = cluster("start");
if (url === undefined) {
  console.log(closingLine(single(false)));
  process.exit(1);
}
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

/** What `cluster.ts` says; `undefined` when it failed, which it has given the reason of. */
function cluster(command: "start" | "stop"): string | undefined {
  const script = join(import.meta.dirname, "cluster.ts");
  const { status, stdout } = spawnSync(process.execPath, [script, command, "--version", values.version], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

function runCases(): Tally {
  const cases = join(root, "..", "shared", "reference", "cases.json");
  if (!existsSync(cases)) {
    console.log(`not there: ${cases}`);
    return nothing;
  }
  const main = join(root, "packages/millrace/src/testing/cases/main.ts");
  // The others call functions of the core: no engine takes part.
  const kinds = ["rdd", "dstream", "dstream-error", "recovery"].flatMap(kind => ["--kind", kind]);
  const { stdout, status } = spawnSync(
    process.execPath,
    [
      ...["--disable-warning=ExperimentalWarning", "--conditions=millrace-source"],
      ...[main, cases, "--master", String(url), ...kinds],
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  console.log(stdout.trimEnd());
  return readClosingLine(stdout) ?? single(status === 0);
}
