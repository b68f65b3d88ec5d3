import type { Cancellation } from "./cancellation.ts";
import type { EventLoopTurns } from "./event-loop-turns.ts";

/** Gives the event loop its turns during a task, and gives the task up when its job was cancelled meanwhile. */
export class TurnKeeper {
  readonly #turns: EventLoopTurns;
  readonly #cancellation: Cancellation;

  constructor(turns: EventLoopTurns, cancellation: Cancellation) {
    this.#turns = turns;
    this.#cancellation = cancellation;
  }

  /** To be asked between chunks. */
  isDue(): boolean {
    return this.#turns.isDue();
  }

  /** Throws the reason when the job was cancelled meanwhile. */
  async take(): Promise<void> {
    await this.#turns.take();
    this.#cancellation.throwIfCancelled();
  }
}
