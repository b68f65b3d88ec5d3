import { millraceError } from "../../errors/index.ts";

/** How many turns may follow each other before a program counts as never coming to rest. */
const maximumTurns = 100_000;

/**
 * The simulated event loop: callbacks run one at a time, in the order they came, each only when all the
 * microtasks of the one before are done. It runs by itself, on turns of the real event loop.
 */
export class TurnQueue {
  #waiting: (() => void)[] = [];
  #next = 0;
  #isRunning = false;
  #isStopped = false;

  /** Whether nothing runs any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Drops all that waits and runs nothing more: the process has died. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#next = 0;
    this.#isRunning = false;
  }

  /** Runs `callback` in a turn of its own. */
  add(callback: () => void): void {
    if (this.#isStopped) return;
    this.#waiting.push(callback);
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(this.#runNext);
  }

  /** Resolves when there is nothing left to run. Throws MR_SIMULATION when that never happens. */
  async rest(): Promise<void> {
    for (let turns = 0; turns < maximumTurns; turns++) {
      await realTurn();
      if (!this.#isRunning) return;
    }
    throw millraceError(
      "MR_SIMULATION",
      `Still not at rest after ${maximumTurns} turns without time passing`,
    );
  }

  readonly #runNext = (): void => {
    if (this.#isStopped) return;
    const callback = this.#waiting[this.#next++];
    try {
      callback?.();
    } finally {
      // The next turn is asked for even when the callback threw: one failure must not freeze the rest.
      if (this.#next < this.#waiting.length) {
        setImmediate(this.#runNext);
      } else {
        this.#waiting = [];
        this.#next = 0;
        this.#isRunning = false;
      }
    }
  };
}

/** A turn of the real event loop, at whose end every microtask has run. */
function realTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
