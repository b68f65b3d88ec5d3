import { narrow, type Origin } from "../plan/index.ts";
import { byChance, type Drawn, leastChances, partitionRandom } from "../task/sampling.ts";
import type { Lineage } from "./lineage.ts";
import { runAll } from "./run-action.ts";

/** `count` records, each equally likely, no one twice: those that draw the least numbers. */
export async function drawnWithout<T>(
  rdd: Lineage,
  origin: Origin,
  count: number,
  seed: number,
): Promise<T[]> {
  const least = narrow(origin, "mapPartitionsWithIndex", rdd.plan, leastChances(count, seed), false);
  const parts = (await runAll(rdd.derive(least), { kind: "collect" }, origin)) as Drawn[][];
  const drawn = parts.flat().sort(byChance).slice(0, count);
  return drawn.map(([, record]) => record as T);
}

/** `count` draws of positions, and then the records at these positions. */
export async function drawnWithReplacement<T>(
  rdd: Lineage,
  origin: Origin,
  count: number,
  seed: number,
): Promise<T[]> {
  const sizes = (await runAll(rdd, { kind: "count" }, origin)) as number[];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return [];
  const random = partitionRandom(seed, -1);
  const draws = Array.from({ length: count }, () => Math.floor(random.next() * total));
  const positions = [...new Set(draws)].sort((a, b) => a - b);
  const starts = startsOf(sizes);
  let next = 0;
  const chosen = sizes.map((size, i) => {
    const start = starts[i] as number;
    const own: number[] = [];
    for (; (positions[next] ?? total) < start + size; next++) own.push((positions[next] as number) - start);
    return own;
  });
  const parts = (await runAll(rdd, { kind: "partition", fn: recordsAt, argument: chosen }, origin)) as T[][];
  const found = new Map(positions.map((position, i) => [position, i]));
  const records = parts.flat();
  return draws.map(at => records[found.get(at) as number] as T);
}

/** The records of a partition at some positions, given in order. */
function recordsAt(
  records: Iterable<unknown>,
  task: { readonly partition: number; readonly argument: unknown },
): unknown[] {
  const positions = (task.argument as readonly (readonly number[])[])[task.partition] ?? [];
  const found: unknown[] = [];
  let at = 0;
  if (positions.length === 0) return found;
  for (const record of records) {
    if (at === positions[found.length]) found.push(record);
    if (found.length === positions.length) break;
    at += 1;
  }
  return found;
}

/** Where each partition begins when all are counted through. */
export function startsOf(sizes: readonly number[]): number[] {
  let start = 0;
  return sizes.map(size => {
    const own = start;
    start += size;
    return own;
  });
}
