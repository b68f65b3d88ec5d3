/** Lets a job's tasks be given up: they look here whenever they let the event loop turn. */
export class Cancellation {
  #reason: unknown;
  #isCancelled = false;
  /** Most have one listener at most, and jobs come by the thousand: a set is made for the second. */
  #first: (() => void) | undefined;
  #others: Set<() => void> | undefined;
  #controller: AbortController | undefined;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Only the first reason counts. */
  cancel(reason: unknown): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#reason = reason;
    this.#first?.();
    for (const listener of this.#others ?? []) listener();
    this.#controller?.abort(reason);
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** The same for those who want a signal, which is made when one of them comes: it is not cheap. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isCancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw this.#reason;
  }

  /** Calls `listener` when cancelled; the answer takes it back. */
  onCancel(listener: () => void): () => void {
    if (this.#first === undefined) this.#first = listener;
    else {
      this.#others ??= new Set();
      this.#others.add(listener);
    }
    return () => this.#forget(listener);
  }

  #forget(listener: () => void): void {
    if (this.#first === listener) this.#first = undefined;
    else this.#others?.delete(listener);
  }
}
