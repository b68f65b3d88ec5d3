import { cogroupPartitions } from "./builtins/partitions.ts";
import { emptyBuckets } from "./memory/map-output.ts";
import { isEmptyBlock } from "./shuffle-block.ts";
import type { TaskFunction, TaskInput, TaskSink } from "./spec.ts";
import { isFused } from "./split-tail.ts";

/**
 * What a task answers that has nothing to read and no function to call, so that it need not run; `undefined` when it
 * must. Batches are often empty: then there is no task at all.
 */
export function resultOfNothing(
  input: TaskInput,
  sink: TaskSink,
  functions: readonly TaskFunction[],
): { readonly result: unknown } | undefined {
  // A partition function runs for every partition, and a sum may start from the user's zero.
  if (sink.kind === "partition" || (sink.kind === "reduce" && sink.zero !== undefined)) return undefined;
  return isKnownEmpty(input, functions) ? { result: emptyResult(sink) } : undefined;
}

function emptyResult(sink: Exclude<TaskSink, { readonly kind: "partition" }>): unknown {
  switch (sink.kind) {
    case "collect":
    case "take":
      return [];
    case "count":
      return 0;
    case "foreach":
      return undefined;
    case "reduce":
      return { has: false, value: undefined };
    case "shuffle":
      return emptyBuckets(sink.partitioner.numPartitions);
  }
}

/** Whether an input certainly has no records, and making them calls no function and keeps nothing. */
function isKnownEmpty(input: TaskInput, functions: readonly TaskFunction[]): boolean {
  switch (input.op) {
    case "read":
      return hasNoValues(input.split);
    case "shuffled":
      return input.blocks.every(isEmptyBlock);
    case "steps":
      return input.steps.every(step => isFused(step.kind)) && isKnownEmpty(input.input, functions);
    case "aggregate":
    case "sort":
      return isKnownEmpty(input.input, functions);
    case "concat":
      return input.inputs.every(part => isKnownEmpty(part, functions));
    case "zip":
      return (
        functions[input.fn]?.fn === cogroupPartitions &&
        input.inputs.every(part => isKnownEmpty(part, functions))
      );
    default:
      return false;
  }
}

/** A slice of a collection with nothing in it; what other sources hold shows when they are read. */
function hasNoValues(split: unknown): boolean {
  return (split as { readonly values?: readonly unknown[] } | undefined)?.values?.length === 0;
}
