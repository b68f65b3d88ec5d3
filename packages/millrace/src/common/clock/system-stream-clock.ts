import type { Platform, Timer } from "../platform/platform.ts";
import { type StreamClock, waitTill } from "./stream-clock.ts";

/** Calls back when a clock shows a time. */
class Alarm implements Timer {
  readonly #platform: Pick<Platform, "clock" | "timers">;
  readonly #targetMs: number;
  readonly #callback: () => void;
  readonly #arrive = (): void => {
    // Timers count on another clock than now(): they may fire a little early, or the date may be put back.
    if (this.#platform.clock.now() >= this.#targetMs) this.#callback();
    else this.#timer = this.#wait();
  };
  #timer: Timer;

  constructor(platform: Pick<Platform, "clock" | "timers">, targetMs: number, callback: () => void) {
    this.#platform = platform;
    this.#targetMs = targetMs;
    this.#callback = callback;
    this.#timer = this.#wait();
  }

  cancel(): void {
    this.#timer.cancel();
  }

  #wait(): Timer {
    const { clock, timers } = this.#platform;
    return timers.schedule(Math.max(0, this.#targetMs - clock.now()), this.#arrive);
  }
}

/** The platform's own time. */
export class SystemStreamClock implements StreamClock {
  readonly isManual = false;
  readonly #platform: Pick<Platform, "clock" | "timers">;

  constructor(platform: Pick<Platform, "clock" | "timers">) {
    this.#platform = platform;
  }

  now(): number {
    return this.#platform.clock.now();
  }

  schedule(targetMs: number, callback: () => void): Timer {
    return new Alarm(this.#platform, targetMs, callback);
  }

  waitTill(targetMs: number, signal?: AbortSignal): Promise<number> {
    return waitTill(this, targetMs, signal);
  }
}
