import type { OutputLine, OutputName } from "./application.ts";
import type { Scenario } from "./draw.ts";

type Counts = ReadonlyMap<string, number>;

/**
 * What every output must be, computed in the plainest way from the records each batch had: sums over lists of
 * batches. `lastMs` is the last batch, `zeroMs` the time before the first.
 */
export function expectedOutputs(
  scenario: Scenario,
  records: readonly OutputLine[],
  zeroMs: number,
  lastMs: number,
): ReadonlyMap<OutputName, readonly OutputLine[]> {
  const { batchMs, pipeline } = scenario;
  const times: number[] = [];
  for (let timeMs = zeroMs + batchMs; timeMs <= lastMs; timeMs += batchMs) times.push(timeMs);
  const countsAt = new Map(times.map(timeMs => [timeMs, countKeys(records, timeMs - 1, timeMs)]));
  const outputs = new Map<OutputName, readonly OutputLine[]>();
  outputs.set(
    "counts",
    times.flatMap(timeMs => linesOf(timeMs, countsAt.get(timeMs) ?? new Map())),
  );
  if (pipeline.window !== undefined) {
    const { lengthMs, slideMs } = pipeline.window;
    outputs.set(
      "window",
      times
        .filter(timeMs => (timeMs - zeroMs) % slideMs === 0)
        .flatMap(timeMs => linesOf(timeMs, countKeys(records, timeMs - lengthMs, timeMs))),
    );
  }
  if (pipeline.hasTotals) {
    outputs.set(
      "totals",
      times.flatMap(timeMs => linesOf(timeMs, countKeys(records, zeroMs, timeMs))),
    );
  }
  if (pipeline.hasSessions) {
    outputs.set(
      "sessions",
      times.flatMap(timeMs => {
        const totals = countKeys(records, zeroMs, timeMs);
        return [...(countsAt.get(timeMs) ?? [])].map(([key]) => [timeMs, key, totals.get(key) ?? 0] as const);
      }),
    );
  }
  return outputs;
}

/** How many records each key has in batches after `fromMs` up to `toMs`. */
function countKeys(records: readonly OutputLine[], fromMs: number, toMs: number): Counts {
  const counts = new Map<string, number>();
  for (const [timeMs, key] of records) {
    if (timeMs > fromMs && timeMs <= toMs) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function linesOf(timeMs: number, counts: Counts): OutputLine[] {
  return [...counts].map(([key, n]) => [timeMs, key, n]);
}
