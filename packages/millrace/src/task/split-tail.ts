import type { NarrowKind } from "../plan/index.ts";
import type { FusedKind } from "./fuse/steps.ts";
import type { Step, TaskInput } from "./spec.ts";

/** The steps at the end of an input that fuse with whatever reads it, and what comes before them. */
export function splitTail(input: TaskInput): { readonly fused: readonly Step[]; readonly rest: TaskInput } {
  if (input.op !== "steps") return { fused: [], rest: input };
  const last = input.steps.findLastIndex(step => !isFused(step.kind));
  const fused = input.steps.slice(last + 1);
  const before = input.steps.slice(0, last + 1);
  return { fused, rest: before.length === 0 ? input.input : { ...input, steps: before } };
}

/** Whether a step works on one record at a time and can run in a loop with others. */
export function isFused(kind: NarrowKind): kind is FusedKind {
  return kind !== "mapPartitions" && kind !== "mapPartitionsWithIndex";
}
