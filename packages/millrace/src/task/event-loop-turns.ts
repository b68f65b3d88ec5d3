import type { Platform } from "../common/platform/platform.ts";

/** Work between two turns of the event loop: timers, receivers and the UI are never later than this plus one chunk. */
const TURN_AFTER_MS = 5;

/**
 * Knows how long a thread has worked since its event loop last turned, over all tasks: a thousand tasks of a
 * tenth of this time each would starve receivers just as one long task would.
 */
export class EventLoopTurns {
  readonly #platform: Platform;
  /** When work began, if the loop has not turned since. */
  #sinceMs: number | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Called between pieces of work: whether the event loop should get a turn now. */
  isDue(): boolean {
    const nowMs = this.#platform.clock.monotonic();
    if (this.#sinceMs !== undefined) return nowMs - this.#sinceMs >= TURN_AFTER_MS;
    this.#sinceMs = nowMs;
    void this.take();
    return false;
  }

  /** Lets the event loop turn. */
  async take(): Promise<void> {
    await this.#platform.timers.yieldTurn();
    this.#sinceMs = undefined;
  }
}
