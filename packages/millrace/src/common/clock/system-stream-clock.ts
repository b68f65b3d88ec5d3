import type { Platform, Timer } from "../platform/platform.ts";
import { type StreamClock, waitTill } from "./stream-clock.ts";

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
    const { timers } = this.#platform;
    const wait = (): Timer => timers.schedule(Math.max(0, targetMs - this.now()), arrive);
    // Timers count on another clock than now(): they may fire a little early, or the date may be put back.
    const arrive = (): void => {
      if (this.now() >= targetMs) callback();
      else timer = wait();
    };
    let timer = wait();
    return { cancel: () => timer.cancel() };
  }

  waitTill(targetMs: number, signal?: AbortSignal): Promise<number> {
    return waitTill(this, targetMs, signal);
  }
}
