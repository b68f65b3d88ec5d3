import { type BenchArguments, parseArguments, USAGE } from "./harness/arguments.ts";
import { describeMachine } from "./harness/machine.ts";
import { describeWorkload } from "./harness/report.ts";
import { runWorkload, type WorkloadResult } from "./harness/run-workload.ts";
import { ensureInput, INPUT_NAMES, type InputName } from "./inputs/input-files.ts";
import { startCluster } from "./spark/cluster.ts";
import { PeerMissing, prepareSpark } from "./spark/install.ts";
import { workloads } from "./workloads/index.ts";

const INPUTS_ONLY = "inputs";

/** Tables or the JSON document go to standard output, everything else to standard error. */
function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}

async function makeInputs(names: Iterable<InputName>): Promise<void> {
  for (const name of new Set(names)) {
    progress(`input ${name}`);
    await ensureInput(name);
  }
}

async function run({ names, json, spark, runs, quick }: BenchArguments): Promise<number> {
  if (names.includes(INPUTS_ONLY)) await makeInputs(INPUT_NAMES);
  const sparkVersion = spark ? await prepareSpark(progress) : undefined;
  const wanted = workloads.filter(
    ({ name, onCluster }) => names.includes(name) || (names.length === 0 && (spark || onCluster !== true)),
  );
  const settings = { quick };
  const machine = { ...describeMachine(), ...(sparkVersion === undefined ? {} : { spark: sparkVersion }) };
  if (!json)
    console.log(
      Object.entries(machine)
        .map(([key, value]) => `${key} ${value}`)
        .join(", "),
    );
  const results: WorkloadResult[] = [];
  const stopCluster = wanted.some(({ onCluster }) => onCluster) ? await startCluster(progress) : () => {};
  try {
    for (const workload of wanted) {
      await makeInputs(workload.inputs(settings));
      const contenders = workload.contenders.filter(({ role }) => spark || role !== "spark");
      const result = await runWorkload(workload, contenders, runs, settings, progress);
      results.push(result);
      if (!json) console.log(`\n${describeWorkload(result)}`);
    }
  } finally {
    stopCluster();
  }
  if (json) console.log(JSON.stringify({ machine, runs, quick, workloads: results }, undefined, 2));
  return results.some(({ contenders }) => contenders.some(({ failure }) => failure !== undefined)) ? 1 : 0;
}

function readArguments(): BenchArguments | undefined {
  try {
    return parseArguments(process.argv.slice(2), [...workloads.map(({ name }) => name), INPUTS_ONLY]);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return undefined;
  }
}

try {
  const args = readArguments();
  process.exitCode = args ? await run(args) : 2;
} catch (error) {
  if (!(error instanceof PeerMissing)) throw error;
  console.error(error.message);
  process.exitCode = 3;
}
