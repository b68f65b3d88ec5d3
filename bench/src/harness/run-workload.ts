import { cpuSecondsWithChildren } from "./children-cpu.ts";
import { takeSample } from "./fresh-process.ts";
import { type OtherLoad, observeLoad } from "./machine-load.ts";
import type { Contender, Sample, Settings, Workload } from "./workload.ts";

/** A sample with what else went on meanwhile. */
export interface TakenSample extends Sample {
  readonly load: OtherLoad;
}

export interface ContenderResult {
  readonly contender: string;
  readonly role: Contender["role"];
  readonly samples: readonly TakenSample[];
  /** Why it gave no sample (any more). */
  readonly failure?: string;
}

export interface WorkloadResult {
  readonly workload: string;
  readonly title: string;
  readonly headline: Workload["headline"];
  readonly contenders: readonly ContenderResult[];
}

/**
 * Takes `runs` samples of every contender, in turns (A B C A B C …): whatever slows the machine down for a
 * while then slows all of them. A contender that fails is left out of the following turns.
 */
export async function runWorkload(
  workload: Workload,
  contenders: readonly Contender[],
  runs: number,
  settings: Settings,
  progress: (text: string) => void,
): Promise<WorkloadResult> {
  const samples = new Map<Contender, TakenSample[]>(contenders.map(contender => [contender, []]));
  const failures = new Map<Contender, string>();
  for (let run = 1; run <= runs; run++) {
    for (const contender of contenders) {
      if (failures.has(contender)) continue;
      progress(`${workload.name}: ${contender.name}, run ${run} of ${runs}`);
      const observer = observeLoad();
      const cpuBefore = cpuSecondsWithChildren() ?? 0;
      try {
        const sample = await takeSample(workload, contender, settings);
        const load = observer.stop((cpuSecondsWithChildren() ?? 0) - cpuBefore);
        samples.get(contender)?.push({ ...sample, load });
      } catch (error) {
        failures.set(contender, error instanceof Error ? error.message : String(error));
      }
    }
  }
  const results = contenders.map((contender): ContenderResult => {
    const failure = failures.get(contender);
    return {
      contender: contender.name,
      role: contender.role,
      samples: samples.get(contender) ?? [],
      ...(failure === undefined ? {} : { failure }),
    };
  });
  return {
    workload: workload.name,
    title: workload.title,
    headline: workload.headline,
    contenders: withCheckedAnswers(results),
  };
}

/** A contender that computed something else than the first one has not done the work. */
function withCheckedAnswers(results: readonly ContenderResult[]): readonly ContenderResult[] {
  const expected = results
    .flatMap(({ samples }) => samples)
    .find(({ answer }) => answer !== undefined)?.answer;
  return results.map(result => {
    const wrong = result.samples.find(({ answer }) => answer !== undefined && answer !== expected)?.answer;
    return wrong === undefined ? result : { ...result, failure: `answered ${wrong} instead of ${expected}` };
  });
}
