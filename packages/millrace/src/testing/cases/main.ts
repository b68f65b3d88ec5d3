/**
 * Runs files of reference cases: `npm run cases -- FILE… [--master local[2]] [--partitions N] [--only ID…]
 * [--kind KIND…] [--tests DIRECTORY…] [--check-skips]`. Cases that cannot be run from their data may be told by a test under
 * `--tests` whose title names them, as in `[case 7]`. Prints a line for each failure and closes with the
 * count; exit code 1 when any failed.
 */
import { parseArgs } from "node:util";
import { millraceError } from "../../common/errors/index.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { readCases } from "./reference-case.ts";
import { reportCases, reportSkips } from "./report.ts";
import { skipRules } from "./skips.ts";
import { findToldCases } from "./told-cases.ts";

const { host, files } = systemPlatform;

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      master: { type: "string", default: "local" },
      partitions: { type: "string" },
      only: { type: "string", multiple: true },
      kind: { type: "string", multiple: true },
      tests: { type: "string", multiple: true, default: [] },
      "check-skips": { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw millraceError("MR_BAD_ARGUMENT", "no file of cases was named");
  const settings = { master: values.master, partitions: partitionsOf(values.partitions) };
  const all = (await Promise.all(positionals.map(path => readCases(files, path)))).flat();
  const { only, kind: kinds } = values;
  const isChosen = (id: string) => only === undefined || only.includes(id);
  const cases = all.filter(
    ({ id, kind }) => isChosen(String(id)) && (kinds === undefined || kinds.includes(kind)),
  );
  const told = new Map(Array.from(await findToldCases(files, values.tests)).filter(([id]) => isChosen(id)));
  const { lines, isGood } = values["check-skips"]
    ? await reportSkips(cases, settings, skipRules)
    : await reportCases(cases, settings, skipRules, told);
  host.stdout(`${lines.join("\n")}\n`);
  return isGood;
}

function partitionsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw millraceError("MR_BAD_ARGUMENT", `--partitions needs an integer of at least 1, got ${text}`);
}

try {
  host.exit((await main()) ? 0 : 1);
} catch (error) {
  host.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
  host.exit(1);
}
