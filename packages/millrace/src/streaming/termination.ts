import type { Timers } from "../common/platform/platform.ts";

/**
 * What `awaitTermination` waits for: the end of the context, or the first error of a job or of generating
 * one. An error stays: whoever waits later gets it too.
 */
export class Termination {
  readonly #timers: Timers;
  #outcome: { readonly error?: Error } | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Keeps the first error. */
  failed(error: Error): void {
    this.#settle({ error });
  }

  stopped(): void {
    this.#settle({});
  }

  /** Resolves when stopped; rejects with the error. */
  async wait(): Promise<void> {
    if (this.#outcome === undefined) {
      await new Promise<void>(resolve => {
        this.#waiting.add(resolve);
      });
    }
    this.#throwError();
  }

  /** As `wait`, at most `timeoutMs`; `false` when that is over first. */
  async waitFor(timeoutMs: number): Promise<boolean> {
    if (this.#outcome === undefined) {
      await new Promise<void>(resolve => {
        const done = (): void => {
          timer.cancel();
          this.#waiting.delete(done);
          resolve();
        };
        const timer = this.#timers.schedule(timeoutMs, done);
        this.#waiting.add(done);
      });
    }
    this.#throwError();
    return this.#outcome !== undefined;
  }

  #throwError(): void {
    if (this.#outcome?.error !== undefined) throw this.#outcome.error;
  }

  #settle(outcome: { readonly error?: Error }): void {
    this.#outcome ??= outcome;
    for (const wake of [...this.#waiting]) wake();
    this.#waiting.clear();
  }
}
