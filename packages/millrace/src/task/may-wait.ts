import { findReader } from "./reader.ts";
import type { TaskFunction, TaskInput } from "./spec.ts";

/**
 * Whether the chunks of an input may come as promises: a partition function, which pulls its records
 * without waiting, must then be given all of them at once.
 */
export function mayWait(input: TaskInput, functions: readonly TaskFunction[]): boolean {
  const isAsync = (fn: number) => isAsyncFunction(functions[fn] as TaskFunction);
  switch (input.op) {
    case "read":
      return findReader(input.reader).mayWait?.(input.split as never) ?? false;
    case "shuffled":
      return false;
    case "steps":
      return mayWait(input.input, functions) || input.steps.some(step => isAsync(step.fn));
    case "aggregate":
      return mayWait(input.input, functions);
    case "concat":
      return input.inputs.some(part => mayWait(part, functions));
    case "zip":
      return isAsync(input.fn) || input.inputs.some(part => mayWait(part, functions));
    case "cartesian":
      return mayWait(input.left, functions) || mayWait(input.right, functions);
    case "cached":
      return input.input !== undefined && mayWait(input.input, functions);
  }
}

function isAsyncFunction(operation: TaskFunction): boolean {
  const tag = (operation.fn as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  return tag === "AsyncFunction" || tag === "AsyncGeneratorFunction";
}
