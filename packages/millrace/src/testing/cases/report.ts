import type { ReferenceCase } from "./reference-case.ts";
import { type CaseResult, CaseRunner } from "./runner.ts";
import type { SkipRule } from "./skips.ts";
import type { CaseSettings } from "./verdict.ts";

/** How much of a value a line shows, in characters. */
const shownLength = 400;

/** What a run of cases prints and whether it went well. */
export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** Runs all cases: a line for each failure, the reasons of skips, and the count. */
export async function reportCases(
  cases: readonly ReferenceCase[],
  settings: CaseSettings,
  rules: readonly SkipRule[],
): Promise<Report> {
  const results = await runAll(cases, settings, rules, false);
  const run = results.filter(({ skipped }) => skipped === undefined);
  const failures = run.filter(({ verdict }) => verdict !== undefined);
  const skips = results.flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped.reason]));
  const lines = failures.map(failureLine);
  for (const [reason, each] of Map.groupBy(skips, reason => reason))
    lines.push(`skipped ${each.length}: ${reason}`);
  lines.push(`${run.length - failures.length} passed, ${failures.length} failed, ${skips.length} skipped`);
  return { lines, isGood: failures.length === 0 };
}

/** Runs the cases that are skipped: a line for each that would pass, and for each rule that matches none. */
export async function reportSkips(
  cases: readonly ReferenceCase[],
  settings: CaseSettings,
  rules: readonly SkipRule[],
): Promise<Report> {
  const matched = cases.filter(theCase => rules.some(rule => rule.matches(theCase, settings)));
  const results = await runAll(matched, settings, rules, true);
  const passing = results.filter(({ verdict }) => verdict === undefined);
  const used = new Set(results.map(({ skipped }) => skipped));
  const unused = rules.filter(rule => rule.isOptional !== true && !used.has(rule));
  const lines = [
    ...passing.map(
      ({ theCase, skipped }) => `would pass ${nameOf(theCase)}: skipped as "${skipped?.reason}"`,
    ),
    ...unused.map(({ reason }) => `no case is skipped as "${reason}"`),
  ];
  const failed = lines.length;
  lines.push(`${results.length - passing.length} passed, ${failed} failed, 0 skipped`);
  return { lines, isGood: failed === 0 };
}

async function runAll(
  cases: readonly ReferenceCase[],
  settings: CaseSettings,
  rules: readonly SkipRule[],
  runsSkipped: boolean,
): Promise<CaseResult[]> {
  const runner = new CaseRunner(settings, rules);
  const results: CaseResult[] = [];
  try {
    for (const theCase of cases) results.push(await runner.run(theCase, runsSkipped));
  } finally {
    await runner.stop();
  }
  return results;
}

function failureLine({ theCase, verdict }: CaseResult): string {
  const { expected = "", actual = "" } = verdict ?? {};
  return `failed ${nameOf(theCase)}: expected ${short(expected)}, actual ${short(actual)}`;
}

function nameOf({ id, kind, name, op }: ReferenceCase): string {
  return `${id} ${kind} ${op} "${name}"`;
}

function short(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.length <= shownLength ? line : `${line.slice(0, shownLength)}…`;
}
