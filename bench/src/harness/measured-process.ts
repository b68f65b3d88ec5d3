import { workloads } from "../workloads/index.ts";
import { SAMPLE_PREFIX } from "./child-process.ts";
import type { Settings } from "./workload.ts";

// The fresh process of one contender: measures and prints the sample.
const [workloadName, contenderName, settingsText] = process.argv.slice(2);
const contender = workloads
  .find(workload => workload.name === workloadName)
  ?.contenders.find(({ name }) => name === contenderName);
if (!contender || !settingsText) throw new Error(`no contender ${contenderName} in ${workloadName}`);
const sample = await contender.measure(JSON.parse(settingsText) as Settings);
// Whatever is still open must not keep the benchmark waiting.
process.stdout.write(`${SAMPLE_PREFIX}${JSON.stringify(sample)}\n`, () => process.exit(0));
