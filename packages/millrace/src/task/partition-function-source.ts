import type { AnyFunction } from "../closure/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { Chunk, ChunkSource } from "./chunk.ts";
import { drain, iterate } from "./iterate.ts";
import { blame } from "./operator-error.ts";
import type { TaskFunction } from "./spec.ts";

/** Records pulled from a user's iterator at a time. */
const PULL_RECORDS = 256;

/**
 * What a function of the core yields when it has worked for a while without a record to show, so that the
 * event loop can get its turn.
 */
export const TURN: unique symbol = Symbol.for("millrace.turn");

type Results = Iterator<unknown> | AsyncIterator<unknown>;

/**
 * The records that a function of whole partitions makes of its inputs. It may return any iterable, be a
 * generator, or be async; it is called when the first record is wanted.
 */
export function partitionFunctionSource(
  inputs: readonly ChunkSource[],
  mustWait: boolean,
  operation: TaskFunction,
  argumentsOf: (iterables: readonly Iterable<unknown>[]) => readonly unknown[],
): ChunkSource {
  let results: Results | undefined;
  let ended = false;

  const start = (iterables: readonly Iterable<unknown>[]): Results | Promise<Results> => {
    const call = operation.fn as unknown as (...args: unknown[]) => unknown;
    const returned = call(...argumentsOf(iterables));
    return isThenable(returned) ? Promise.resolve(returned).then(iteratorOf) : iteratorOf(returned);
  };

  const pull = (from: Results): Chunk | undefined | Promise<Chunk | undefined> => {
    const values: unknown[] = [];
    while (!ended && values.length < PULL_RECORDS) {
      // Until it has answered the iterator counts as ended: one that throws is not told to return.
      ended = true;
      const item = from.next();
      if (item instanceof Promise) return pullAsync(from as AsyncIterator<unknown>, item);
      const { done, value } = item as IteratorResult<unknown>;
      if (done === true) break;
      ended = false;
      if (value === TURN) break;
      values.push(value);
    }
    return values.length === 0 && ended ? undefined : { kind: "values", values, from: 0, to: values.length };
  };

  const pullAsync = async (
    from: AsyncIterator<unknown>,
    first: Promise<IteratorResult<unknown>>,
  ): Promise<Chunk | undefined> => {
    const values: unknown[] = [];
    let item = await first;
    while (item.done !== true) {
      values.push(item.value);
      if (values.length === PULL_RECORDS) {
        ended = false;
        break;
      }
      item = await from.next();
    }
    return values.length === 0 ? undefined : { kind: "values", values, from: 0, to: values.length };
  };

  const next = (): Chunk | undefined | Promise<Chunk | undefined> => {
    if (results !== undefined) return pull(results);
    const begun = mustWait ? Promise.all(inputs.map(drain)).then(start) : start(inputs.map(iterate));
    if (begun instanceof Promise) {
      return begun.then(started => {
        results = started;
        return pull(started);
      });
    }
    results = begun;
    return pull(begun);
  };

  return {
    next() {
      try {
        const chunk = next();
        return chunk instanceof Promise
          ? chunk.catch(error => {
              throw blame(operation, error);
            })
          : chunk;
      } catch (error) {
        throw blame(operation, error);
      }
    },
    close() {
      if (results !== undefined && !ended) leave(results);
      for (const input of inputs) input.close();
    },
  };

  function iteratorOf(returned: unknown): Results {
    const object = Object(returned) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
    const iterator = object[Symbol.iterator]?.() ?? object[Symbol.asyncIterator]?.();
    if (iterator !== undefined) return iterator;
    throw millraceError("MR_BAD_ARGUMENT", `the function of ${operation.operator} must return an iterable`, {
      hint: "Return an array, an iterator, or write a generator (function*).",
    });
  }
}

/** Lets a generator that is left before its end run its `finally`; what that throws has no one to go to. */
function leave(results: Results): void {
  try {
    const returned = results.return?.();
    if (returned instanceof Promise) returned.catch(() => {});
  } catch {}
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: AnyFunction } | null | undefined)?.then === "function";
}
