/**
 * Handles events strictly one after the other: an event posted while another is handled waits for its
 * turn. Handling is synchronous, so that a tick of the timer has made its jobs when it returns.
 */
export class EventLoop<E> {
  readonly #handle: (event: E) => void;
  readonly #waiting: E[] = [];
  #busy = false;
  #stopped = false;

  constructor(handle: (event: E) => void) {
    this.#handle = handle;
  }

  /** Handles `event` now, or after those before it. Ignored once stopped. */
  post(event: E): void {
    if (this.#stopped) return;
    let first: E | undefined = event;
    if (this.#busy || this.#waiting.length > 0) {
      this.#waiting.push(event);
      if (this.#busy) return;
      // An event before it failed and left them.
      first = this.#waiting.shift();
    }
    this.#busy = true;
    try {
      for (let next = first; next !== undefined; next = this.#waiting.shift()) {
        this.#handle(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Drops what waits and takes nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
  }
}
