import { millraceError } from "../errors/index.ts";
import type { Timer } from "../platform/platform.ts";
import { TimerQueue } from "../platform/timer-queue.ts";
import { type StreamClock, waitTill } from "./stream-clock.ts";

/**
 * A clock that stands still until it is moved. Moving it sets the time first and then calls back, in the
 * order of their times, all who waited for it, as well as those that begin to wait meanwhile and are due.
 *
 * ```ts
 * import assert from "node:assert";
 * import { ManualClock } from "millrace/testing";
 * const clock = new ManualClock();
 * const later = clock.waitTill(1000);
 * clock.advance(1500);
 * assert.equal(await later, 1500);
 * ```
 */
export class ManualClock implements StreamClock {
  /** Time moves by calls only. */
  readonly isManual = true;
  readonly #waiting = new TimerQueue();
  #nowMs: number;

  /** @param startMs what it shows first, in milliseconds; default 0 */
  constructor(startMs = 0) {
    this.#nowMs = checked(startMs);
  }

  /** What it shows, in milliseconds. */
  now(): number {
    return this.#nowMs;
  }

  /** Moves on by `ms`, at least 0. Throws MR_BAD_ARGUMENT otherwise. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw millraceError("MR_BAD_ARGUMENT", `A clock advances by 0 ms or more, not ${ms}`);
    this.setTime(this.#nowMs + ms);
  }

  /** Sets the time, also back: whoever waits goes on waiting for the same time. */
  setTime(ms: number): void {
    this.#nowMs = checked(ms);
    this.#callBack();
  }

  /** Calls back once it shows `targetMs` or later, never before this call has returned. */
  schedule(targetMs: number, callback: () => void): Timer {
    const timer = this.#waiting.add(targetMs, callback);
    if (targetMs <= this.#nowMs) queueMicrotask(() => this.#callBack());
    return timer;
  }

  /** Resolves to the time once it is `targetMs` or later; rejects with the signal's reason when aborted first. */
  waitTill(targetMs: number, signal?: AbortSignal): Promise<number> {
    return waitTill(this, targetMs, signal);
  }

  #callBack(): void {
    for (;;) {
      const callback = this.#waiting.takeDue(this.#nowMs);
      if (callback === undefined) return;
      callback();
    }
  }
}

function checked(ms: number): number {
  if (Number.isFinite(ms)) return ms;
  throw millraceError("MR_BAD_ARGUMENT", `A clock cannot show ${ms}`);
}
