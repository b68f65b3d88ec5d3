import type { StreamClock, Timer } from "../../common/clock/index.ts";

/** The first multiple of a period strictly after now, in milliseconds. */
export function nextBatchTime(clock: StreamClock, periodMs: number): number {
  return (Math.floor(clock.now() / periodMs) + 1) * periodMs;
}

/**
 * Calls back at every multiple of its period, with the time that was due. No period is ever skipped: after
 * a stall the missed ones follow back to back.
 */
export class RecurringTimer {
  readonly #clock: StreamClock;
  readonly #periodMs: number;
  readonly #callback: (timeMs: number) => void;
  /** Made once: there is one tick after the other. */
  readonly #onTime = (): void => this.#tick();
  #nextMs = 0;
  #lastMs = -1;
  #timer: Timer | undefined;
  #stopped = false;
  /** Ticks to go before a graceful stop is done, and whom to tell. */
  #farewell: { ticks: number; readonly done: (lastMs: number) => void } | undefined;

  constructor(clock: StreamClock, periodMs: number, callback: (timeMs: number) => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#callback = callback;
  }

  /** The first multiple of the period strictly after now. */
  nextTime(): number {
    return nextBatchTime(this.#clock, this.#periodMs);
  }

  /** Ticks from `startMs` on. */
  start(startMs = this.nextTime()): void {
    this.#nextMs = startMs;
    this.#wait();
  }

  /**
   * Stops and resolves to the last time that ticked, −1 if none did. With `interrupt` no tick follows;
   * without, the one waited for and one more still come, so that what arrived before the stop is seen.
   */
  stop(interrupt: boolean): Promise<number> {
    if (this.#timer === undefined || this.#stopped || interrupt) {
      this.#finish();
      return Promise.resolve(this.#lastMs);
    }
    return new Promise(done => {
      this.#farewell = { ticks: 2, done };
    });
  }

  #wait(): void {
    this.#timer = this.#clock.schedule(this.#nextMs, this.#onTime);
  }

  #tick(): void {
    if (this.#stopped) return;
    const timeMs = this.#nextMs;
    this.#lastMs = timeMs;
    this.#nextMs += this.#periodMs;
    if (this.#farewell !== undefined) this.#farewell.ticks -= 1;
    this.#callback(timeMs);
    if (this.#farewell?.ticks === 0) this.#finish();
    else if (!this.#stopped) this.#wait();
  }

  #finish(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#farewell?.done(this.#lastMs);
    this.#farewell = undefined;
  }
}
