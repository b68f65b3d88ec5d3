import { millraceError } from "../../common/errors/index.ts";
import type { DeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { OutputLine, OutputName } from "./application.ts";
import type { Scenario } from "./draw.ts";
import { expectedOutputs } from "./model.ts";
import type { RunBatches } from "./simulate.ts";
import type { World } from "./world.ts";

/**
 * Compares what the sinks hold with the model: every record of the world once, and every output computed of them.
 * @throws MR_SIMULATION
 */
export function checkOutputs(
  scenario: Scenario,
  world: World,
  platform: DeterministicPlatform,
  { zeroMs, lastMs }: RunBatches,
): void {
  const records = readOutput(platform, "records");
  const produced = Object.values(world.records).flat();
  assertSame(
    "records",
    produced,
    records.map(([, key, id]) => `${key} ${id}`),
  );
  for (const [name, lines] of expectedOutputs(scenario, records, zeroMs, lastMs)) {
    const text = (line: OutputLine): string => JSON.stringify(line);
    assertSame(name, lines.map(text), readOutput(platform, name).map(text));
  }
}

/** The lines of all complete files of a sink. */
function readOutput(platform: DeterministicPlatform, name: OutputName): OutputLine[] {
  const directory = `/out/${name}`;
  if (platform.files.statSync(directory) === undefined) return [];
  return platform.files
    .listSync(directory)
    .filter(({ path }) => path.includes("/part-"))
    .flatMap(({ path }) => (platform.files.text(path) ?? "").trimEnd().split("\n"))
    .map(line => JSON.parse(line) as OutputLine);
}

function assertSame(output: string, expected: readonly string[], actual: readonly string[]): void {
  const missing = without(expected, actual);
  const surplus = without(actual, expected);
  if (missing.length === 0 && surplus.length === 0) return;
  const some = (lines: readonly string[]): string =>
    lines.length === 0 ? "none" : lines.slice(0, 5).join("; ");
  throw millraceError(
    "MR_SIMULATION",
    `Output ${output}: missing ${missing.length} (${some(missing)}), too many ${surplus.length} (${some(surplus)})`,
    { hint: "Something was lost, doubled or computed wrongly: run the seed again and look." },
  );
}

/** The lines that are in `lines` more often than in `others`. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
