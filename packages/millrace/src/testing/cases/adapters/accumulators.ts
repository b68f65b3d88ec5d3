import {
  type AnyAccumulator,
  CollectionAccumulator,
  DoubleAccumulator,
  LongAccumulator,
} from "../../../task/shared/index.ts";
import { list, type SequenceAdapter } from "./adapter.ts";

/** Steps are calls in words: `merge(acc with 2)`, `copy().reset().isZero`, `value.size`. */
function accumulator<A extends AnyAccumulator>(make: () => A): SequenceAdapter {
  return () => {
    const accumulator = make();
    return (call, stepArgs) => {
      const merged = /^merge\(acc with (.+)\)$/.exec(call);
      if (merged !== null) {
        const other = make();
        for (const value of [JSON.parse(merged[1] as string)].flat()) other.add(value as never);
        return accumulator.merge(other as never);
      }
      return follow(accumulator, call, list(stepArgs));
    };
  };
}

/** Follows a chain such as `copy().value.size`; a `reset()` in it answers the accumulator, as in Scala. */
function follow(start: AnyAccumulator, chain: string, args: readonly unknown[]): unknown {
  let at: unknown = start;
  for (const part of chain.split(".")) {
    const name = part.replace("()", "");
    const member: unknown = (at as Record<string, unknown>)[name === "size" ? "length" : name];
    at = typeof member === "function" ? (member.apply(at, args) ?? (part === "reset()" ? at : null)) : member;
  }
  return at;
}

export const accumulatorAdapters: readonly (readonly [string, SequenceAdapter])[] = [
  ["LongAccumulator", accumulator(() => new LongAccumulator())],
  ["DoubleAccumulator", accumulator(() => new DoubleAccumulator())],
  ["CollectionAccumulator", accumulator(() => new CollectionAccumulator<unknown>())],
];
