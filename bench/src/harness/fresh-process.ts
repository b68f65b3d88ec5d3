import { join } from "node:path";
import { sampleOf } from "./child-process.ts";
import type { Contender, Sample, Settings, Workload } from "./workload.ts";

const MEASURED_PROCESS = join(import.meta.dirname, "measured-process.ts");

/** One sample of a contender, from a process that has done nothing else. */
export function takeSample(workload: Workload, contender: Contender, settings: Settings): Promise<Sample> {
  if (contender.process === "own") return contender.measure(settings);
  return sampleOf<Sample>(process.execPath, [
    "--conditions=millrace-source",
    "--disable-warning=ExperimentalWarning",
    ...(contender.nodeFlags ?? []),
    MEASURED_PROCESS,
    workload.name,
    contender.name,
    JSON.stringify(settings),
  ]);
}
