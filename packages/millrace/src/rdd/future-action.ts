/**
 * The result of an action that runs in the background: a promise that can be cancelled. `countAsync` and its like
 * answer with one.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "future");
 * const counting = sc.range(0, 1e15).countAsync();
 * counting.cancel("took too long");
 * await assert.rejects(async () => await counting, { code: "MR_JOB_CANCELLED" });
 * assert.deepEqual([counting.isCancelled, counting.isCompleted], [true, true]);
 * await sc.stop();
 * ```
 */
export class FutureAction<T> implements Promise<T> {
  /** Ids of the jobs it has started so far, as listeners and `sc.cancelJob` know them. */
  readonly jobIds: readonly number[];
  readonly #controller: AbortController;
  readonly #result: Promise<T>;
  #isCompleted = false;

  /** Comes from actions such as `countAsync`: `start` begins one that follows the signal and tells of its jobs. */
  constructor(start: (signal: AbortSignal, onJob: (id: number) => void) => Promise<T>) {
    this.#controller = new AbortController();
    const jobIds: number[] = [];
    this.jobIds = jobIds;
    this.#result = start(this.#controller.signal, id => jobIds.push(id));
    const complete = () => {
      this.#isCompleted = true;
    };
    // A cancelled action that nobody waits for is no unhandled rejection; another failure is.
    this.#result.then(complete, complete);
  }

  /** Gives up its jobs; waiting for it fails with MR_JOB_CANCELLED. Does nothing once it has completed. */
  cancel(reason = "the action was cancelled"): void {
    if (!this.#isCompleted) this.#controller.abort(reason);
  }

  /** Whether it was cancelled before it had completed. */
  get isCancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Whether there is a result or an error. */
  get isCompleted(): boolean {
    return this.#isCompleted;
  }

  /** As of any promise. */
  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#result.then(onFulfilled, onRejected);
  }

  /** As of any promise. */
  catch<E = never>(onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null): Promise<T | E> {
    return this.#result.catch(onRejected);
  }

  /** As of any promise. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#result.finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return "FutureAction";
  }
}
