/** Closures a worker holds at least; streams reuse a few dozen. */
const LIMIT = 256;

/**
 * What a worker has been sent, the least recently used first. Driver and worker go through the same calls in
 * the same order, one message after the other, so the driver knows what the worker still has without asking.
 */
export class RecentClosures<V> {
  readonly #values = new Map<string, V>();

  /** Makes room before a task's closures are looked up; those of one task are never dropped in between. */
  trim(): void {
    for (const hash of this.#values.keys()) {
      if (this.#values.size <= LIMIT) return;
      this.#values.delete(hash);
    }
  }

  /** The value, now the most recently used; `undefined` when it has to be sent. */
  use(hash: string): V | undefined {
    const value = this.#values.get(hash);
    if (value === undefined) return undefined;
    this.#values.delete(hash);
    this.#values.set(hash, value);
    return value;
  }

  add(hash: string, value: V): void {
    this.#values.set(hash, value);
  }

  /** The worker was replaced. */
  clear(): void {
    this.#values.clear();
  }
}
