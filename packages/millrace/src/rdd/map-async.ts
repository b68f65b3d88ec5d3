import { millraceError } from "../common/errors/index.ts";

/** How many calls of a function are under way at once, and in what order their results come. */
export interface MapAsyncOptions {
  /** Calls under way in each partition at most; default 16. */
  readonly concurrency?: number;
  /** Whether results come in the order of the records (default), or as they are ready. */
  readonly ordered?: boolean;
}

/** Replaces a record, usually by asking some service; `signal` tells that nobody waits for the answer any more. */
export type AsyncFunction<T, U> = (record: T, signal: AbortSignal) => PromiseLike<U> | U;

/**
 * The function of a partition that does what `mapAsync` says.
 * @throws MR_BAD_ARGUMENT when `concurrency` is no integer of at least 1
 */
export function mappingAsync<T, U>(
  f: AsyncFunction<T, U>,
  { concurrency = 16, ordered = true }: MapAsyncOptions,
): (records: Iterable<T>) => AsyncGenerator<U, void, undefined> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `concurrency must be an integer of at least 1, got ${concurrency}`,
      {
        operator: "mapAsync",
      },
    );
  }
  return ordered ? inOrder(f, concurrency) : asReady(f, concurrency);
}

function inOrder<T, U>(f: AsyncFunction<T, U>, concurrency: number) {
  return async function* (records: Iterable<T>): AsyncGenerator<U, void, undefined> {
    const abort = new AbortController();
    const waiting: Promise<U>[] = [];
    try {
      for (const record of records) {
        const answer = (async () => f(record, abort.signal))();
        // Whoever is first in line is told of its own failure; that of a later one must not end the process.
        answer.catch(() => {});
        waiting.push(answer);
        if (waiting.length >= concurrency) yield await (waiting.shift() as Promise<U>);
      }
      for (const answer of waiting) yield await answer;
    } finally {
      abort.abort();
    }
  };
}

function asReady<T, U>(f: AsyncFunction<T, U>, concurrency: number) {
  return async function* (records: Iterable<T>): AsyncGenerator<U, void, undefined> {
    const abort = new AbortController();
    const ready: U[] = [];
    let underWay = 0;
    let failure: { readonly error: unknown } | undefined;
    let wake = (): void => {};
    const call = async (record: T): Promise<void> => {
      try {
        ready.push(await f(record, abort.signal));
      } catch (error) {
        failure ??= { error };
      }
      underWay -= 1;
      wake();
    };
    async function* answers(allowed: number): AsyncGenerator<U, void, undefined> {
      while (underWay > allowed || ready.length > 0) {
        if (failure === undefined && ready.length === 0) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
        if (failure !== undefined) throw failure.error;
        yield* ready.splice(0);
      }
    }
    try {
      for (const record of records) {
        underWay += 1;
        void call(record);
        yield* answers(concurrency - 1);
      }
      yield* answers(0);
    } finally {
      abort.abort();
    }
  };
}
