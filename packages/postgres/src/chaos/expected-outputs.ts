/** A row of an output: what a stream had at a batch time. */
export type Row = readonly [batchMs: number, key: string, value: number];

/** The application's intervals, in milliseconds. */
export const batchMs = 500;
export const windowMs = 2000;

/** The application's outputs. */
export const tables = ["records", "counts", "window", "totals"] as const;
export type Table = (typeof tables)[number];

/** How many records each key has. */
type Counts = ReadonlyMap<string, number>;

/** What a batch computation over all records makes of them. */
export function expectedOutputs(
  records: readonly Row[],
  { zeroMs, lastMs }: { readonly zeroMs: number; readonly lastMs: number },
): ReadonlyMap<Table, readonly Row[]> {
  const batches = countByBatch(records);
  const counts: Row[] = [];
  const window: Row[] = [];
  const totals: Row[] = [];
  const soFar = new Map<string, number>();
  for (let timeMs = zeroMs + batchMs; timeMs <= lastMs; timeMs += batchMs) {
    const now = batches.get(timeMs) ?? new Map<string, number>();
    addCounts(soFar, now);
    counts.push(...rows(timeMs, now));
    totals.push(...rows(timeMs, soFar).filter(([, key]) => now.has(key)));
    const inWindow = new Map<string, number>();
    for (let atMs = timeMs; atMs > timeMs - windowMs; atMs -= batchMs) {
      addCounts(inWindow, batches.get(atMs) ?? new Map());
    }
    window.push(...rows(timeMs, inWindow));
  }
  return new Map([
    ["counts", counts],
    ["window", window],
    ["totals", totals],
  ]);
}

function countByBatch(records: readonly Row[]): ReadonlyMap<number, Counts> {
  const batches = new Map<number, Map<string, number>>();
  for (const [timeMs, key] of records) {
    const counts = batches.get(timeMs) ?? new Map<string, number>();
    batches.set(timeMs, counts.set(key, (counts.get(key) ?? 0) + 1));
  }
  return batches;
}

function addCounts(sums: Map<string, number>, counts: Counts): void {
  for (const [key, n] of counts) sums.set(key, (sums.get(key) ?? 0) + n);
}

function rows(timeMs: number, counts: Counts): Row[] {
  return Array.from(counts, ([key, n]): Row => [timeMs, key, n]);
}
