/** What becomes of the batches of a time in which nothing ran. */
export type DownTimePolicy = "replay" | "coalesce" | "skip";

/** Where the runs before stopped; times in milliseconds. */
export interface StoppedAt {
  readonly zeroMs: number;
  readonly batchMs: number;
  /** Batches that began and were not done, oldest first. */
  readonly open: readonly number[];
  /** The newest batch that began or was skipped. */
  readonly lastMs: number | undefined;
}

/** The batches with which a new run begins. */
export interface RestartPlan {
  /** They run first, in order. */
  readonly times: readonly number[];
  /** Batches that are not run, both ends included. */
  readonly skipped: readonly [fromMs: number, toMs: number] | undefined;
  /** The first batch that has its regular time. */
  readonly firstMs: number;
}

/** The first multiple of the interval after now, counted from the zero time. */
export function restartTime(nowMs: number, zeroMs: number, batchMs: number): number {
  return (Math.floor((nowMs - zeroMs) / batchMs) + 1) * batchMs + zeroMs;
}

/**
 * What runs again, what of the down time is made up for, and when regular batches begin. `replay` runs every batch
 * that was missed, `coalesce` one for all of them, and `skip` none.
 */
export function planRestart(
  { zeroMs, batchMs, open, lastMs = zeroMs }: StoppedAt,
  nowMs: number,
  policy: DownTimePolicy,
): RestartPlan {
  // A clock that was set back must not let a batch run twice.
  const firstMs = Math.max(restartTime(nowMs, zeroMs, batchMs), lastMs + batchMs);
  const missed: number[] = [];
  for (let timeMs = lastMs + batchMs; timeMs < firstMs; timeMs += batchMs) missed.push(timeMs);
  const run = policy === "replay" ? missed : policy === "coalesce" ? missed.slice(-1) : [];
  const left = missed.slice(0, missed.length - run.length);
  const [fromMs] = left;
  const toMs = left.at(-1);
  return {
    times: [...open, ...run],
    skipped: fromMs === undefined || toMs === undefined ? undefined : [fromMs, toMs],
    firstMs,
  };
}
