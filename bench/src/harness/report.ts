import type { ContenderResult, WorkloadResult } from "./run-workload.ts";
import { median } from "./statistics.ts";
import type { Sample } from "./workload.ts";

/** The table of one workload: medians with the least and the greatest, and what else the machine did. */
export function describeWorkload(result: WorkloadResult): string {
  const lines = [`${result.workload}: ${result.title}`];
  for (const contender of result.contenders) {
    lines.push(`  ${contender.contender} (${contender.samples.length} runs)`);
    if (contender.samples.length > 0) lines.push(...describeSamples(contender));
    if (contender.failure !== undefined)
      lines.push(`    FAILED: ${contender.failure.replaceAll("\n", "\n      ")}`);
  }
  lines.push(...describeRatios(result));
  return lines.join("\n");
}

function describeSamples({ samples }: ContenderResult): string[] {
  const names = Object.keys(samples[0]?.metrics ?? {});
  const others = samples.flatMap(({ load }) => (load.otherShare === undefined ? [] : [load.otherShare]));
  const steals = samples.flatMap(({ load }) => (load.stealShare === undefined ? [] : [load.stealShare]));
  const machine =
    others.length === 0
      ? `load average before ${range(samples.map(({ load }) => load.loadBefore))}`
      : `other processes ${percent(median(others))} of the machine, at most ${percent(Math.max(...others))}; stolen ${percent(median(steals))}`;
  return [
    ...names.map(
      name => `    ${name.padEnd(24)} ${range(samples.map(({ metrics }) => metrics[name] as number))}`,
    ),
    `    ${"wallSeconds".padEnd(24)} ${range(samples.map(({ wallSeconds }) => wallSeconds))}`,
    `    ${"cpuSeconds".padEnd(24)} ${range(samples.map(({ cpuSeconds }) => cpuSeconds))}`,
    `    ${machine}`,
  ];
}

/**
 * How many times better (above 1) or worse (below) each Millrace contender is than each other one, in the headline
 * and in CPU time. Ratios are taken within a turn, where both met the same load, and of them the median.
 */
function describeRatios({ headline, contenders }: WorkloadResult): string[] {
  const measured = contenders.filter(({ samples }) => samples.length > 0);
  const lines: string[] = [];
  for (const ours of measured.filter(({ role }) => role === "millrace")) {
    for (const theirs of measured.filter(({ role }) => role !== "millrace")) {
      const wall = times(ours, theirs, ({ metrics }) => metrics[headline.metric], headline.better);
      const cpu = times(ours, theirs, ({ cpuSeconds }) => cpuSeconds, "less");
      lines.push(`  ${ours.contender} / ${theirs.contender}: ${headline.metric} ${wall}, CPU time ${cpu}`);
    }
  }
  return lines;
}

function times(
  ours: ContenderResult,
  theirs: ContenderResult,
  figure: (sample: Sample) => number | undefined,
  better: "more" | "less",
): string {
  const turns = Math.min(ours.samples.length, theirs.samples.length);
  const ratios = Array.from({ length: turns }, (_, turn) => {
    const mine = figure(ours.samples[turn] as Sample) ?? Number.NaN;
    const other = figure(theirs.samples[turn] as Sample) ?? Number.NaN;
    return better === "more" ? mine / other : other / mine;
  }).filter(Number.isFinite);
  return ratios.length === 0 ? "–" : `${range(ratios)}×`;
}

function range(values: readonly number[]): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(shortNumber);
  return values.length === 1 ? `${middle}` : `${middle} (${least} … ${most})`;
}

function shortNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(0)} k`;
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(size >= 100 ? 0 : size >= 1 ? 2 : 3);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
