/** A row of an output: what a stream had at a batch time. */
export type Row = readonly [batchMs: number, key: string, value: number];

/** The application's intervals, in milliseconds. */
export const batchMs = 250;
export const windowMs = 1000;

/** The application's outputs. */
export const tables = ["records", "counts", "window", "totals"] as const;
export type Table = (typeof tables)[number];

/** What a batch computation over all records makes of them. */
export function expectedOutputs(
  records: readonly Row[],
  { zeroMs, lastMs }: { readonly zeroMs: number; readonly lastMs: number },
): ReadonlyMap<Table, readonly Row[]> {
  const counts: Row[] = [];
  const window: Row[] = [];
  const totals: Row[] = [];
  for (let timeMs = zeroMs + batchMs; timeMs <= lastMs; timeMs += batchMs) {
    const now = rowsOf(timeMs, records, timeMs - batchMs);
    const keys = new Set(now.map(([, key]) => key));
    counts.push(...now);
    totals.push(...rowsOf(timeMs, records, zeroMs).filter(([, key]) => keys.has(key)));
    window.push(...rowsOf(timeMs, records, timeMs - windowMs));
  }
  return new Map([
    ["counts", counts],
    ["window", window],
    ["totals", totals],
  ]);
}

/** How many records each key has in the batches after `fromMs` up to `timeMs`. */
function rowsOf(timeMs: number, records: readonly Row[], fromMs: number): Row[] {
  const counts = new Map<string, number>();
  for (const [batch, key] of records) {
    if (batch > fromMs && batch <= timeMs) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, n]) => [timeMs, key, n]);
}
