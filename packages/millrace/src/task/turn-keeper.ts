import type { Platform } from "../common/platform/platform.ts";
import type { Cancellation } from "./cancellation.ts";

/** Work between two turns of the event loop: timers, receivers and the UI are never later than this plus one chunk. */
const TURN_AFTER_MS = 5;

/** Gives the event loop its turns during a long task. */
export class TurnKeeper {
  readonly #platform: Platform;
  readonly #cancellation: Cancellation;
  #lastTurn: number;

  constructor(platform: Platform, cancellation: Cancellation) {
    this.#platform = platform;
    this.#cancellation = cancellation;
    this.#lastTurn = platform.clock.monotonic();
  }

  isDue(): boolean {
    return this.#platform.clock.monotonic() - this.#lastTurn >= TURN_AFTER_MS;
  }

  /** Throws the reason when the job was cancelled meanwhile. */
  async take(): Promise<void> {
    await this.#platform.timers.yieldTurn();
    this.#cancellation.throwIfCancelled();
    this.#lastTurn = this.#platform.clock.monotonic();
  }
}
