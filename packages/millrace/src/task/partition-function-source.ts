import type { AnyFunction } from "../closure/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { Chunk, ChunkSource } from "./chunk.ts";
import { drain, iterate } from "./iterate.ts";
import { blame } from "./operator-error.ts";
import type { TaskFunction } from "./spec.ts";

/** Records pulled from a user's iterator at a time. */
const PULL_RECORDS = 256;

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

  const start = (iterables: readonly Iterable<unknown>[]): Results | Promise<Results> => {
    const call = operation.fn as unknown as (...args: unknown[]) => unknown;
    const returned = call(...argumentsOf(iterables));
    return isThenable(returned) ? Promise.resolve(returned).then(iteratorOf) : iteratorOf(returned);
  };

  const pull = (from: Results): Chunk | undefined | Promise<Chunk | undefined> => {
    const values: unknown[] = [];
    while (values.length < PULL_RECORDS) {
      const item = from.next();
      if (item instanceof Promise) return pullAsync(from as AsyncIterator<unknown>, item);
      if ((item as IteratorResult<unknown>).done === true) break;
      values.push((item as IteratorResult<unknown>).value);
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

async function pullAsync(
  from: AsyncIterator<unknown>,
  first: Promise<IteratorResult<unknown>>,
): Promise<Chunk | undefined> {
  const values: unknown[] = [];
  for (let item = await first; item.done !== true; item = await from.next()) {
    values.push(item.value);
    if (values.length === PULL_RECORDS) break;
  }
  return values.length === 0 ? undefined : { kind: "values", values, from: 0, to: values.length };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: AnyFunction } | null | undefined)?.then === "function";
}
