import type { ReferenceCase } from "./reference-case.ts";
import { type CaseResult, CaseRunner } from "./runner.ts";
import type { SkipRule } from "./skips.ts";
import type { ToldCases } from "./told-cases.ts";
import type { CaseSettings } from "./verdict.ts";

/** How much of a value a line shows, in characters. */
const shownLength = 400;

/** What a run of cases prints and whether it went well. */
export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/**
 * Runs all cases: a line for each failure, where the cases are told that have a test of their own, the
 * reasons of skips, and the count, which leaves out those that other tests tell.
 */
export async function reportCases(
  cases: readonly ReferenceCase[],
  settings: CaseSettings,
  rules: readonly SkipRule[],
  told: ToldCases = new Map(),
): Promise<Report> {
  const results = await runAll(cases, settings, rules, false, told);
  const run = results.filter(({ skipped, toldBy }) => skipped === undefined && toldBy === undefined);
  const failures = run.filter(({ verdict }) => verdict !== undefined);
  const skips = results.flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped.reason]));
  const unknown = unknownTold(cases, told);
  const lines = [...failures.map(failureLine), ...unknown];
  const retold = results.flatMap(({ theCase, toldBy = [] }) =>
    toldBy.map(path => ({ id: theCase.id, path })),
  );
  for (const [path, each] of Map.groupBy(retold, ({ path }) => path)) {
    lines.push(`told by tests of their own: ${each.map(({ id }) => id).join(" ")}: ${path}`);
  }
  for (const [reason, each] of Map.groupBy(skips, reason => reason))
    lines.push(`skipped ${each.length}: ${reason}`);
  const failed = failures.length + unknown.length;
  lines.push(`${run.length - failures.length} passed, ${failed} failed, ${skips.length} skipped`);
  return { lines, isGood: failed === 0 };
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
  told?: ToldCases,
): Promise<CaseResult[]> {
  const runner = new CaseRunner(settings, rules, told);
  const results: CaseResult[] = [];
  try {
    for (const theCase of cases) results.push(await runner.run(theCase, runsSkipped));
  } finally {
    await runner.stop();
  }
  return results;
}

/** A line for each id that tests name and no case has. */
function unknownTold(cases: readonly ReferenceCase[], told: ToldCases): string[] {
  const known = new Set(cases.map(({ id }) => String(id)));
  return Array.from(told)
    .filter(([id]) => !known.has(id))
    .map(([id, paths]) => `failed ${id}: there is no such case, but a test of ${paths.join(", ")} names it`);
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
