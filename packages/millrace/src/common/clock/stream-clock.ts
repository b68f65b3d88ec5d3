import type { Timer } from "../platform/platform.ts";
import { whenScheduled } from "../platform/when-scheduled.ts";

/** The clock batches go by: the platform's, or one that a test moves by hand. */
export interface StreamClock {
  /** Whether time moves by calls only. */
  readonly isManual: boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once the clock reads `targetMs` or later, never before this call has returned. */
  schedule(targetMs: number, callback: () => void): Timer;
  /** Resolves to the time once it is `targetMs` or later; rejects with the signal's reason when aborted first. */
  waitTill(targetMs: number, signal?: AbortSignal): Promise<number>;
}

/** Builds `waitTill` from `schedule`. */
export async function waitTill(
  clock: Pick<StreamClock, "now" | "schedule">,
  targetMs: number,
  signal?: AbortSignal,
): Promise<number> {
  await whenScheduled(callback => clock.schedule(targetMs, callback), signal);
  return clock.now();
}
