import { inputParts } from "./input-parts.ts";
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
    case "steps":
      if (input.steps.some(step => isAsync(step.fn))) return true;
      break;
    case "zip":
      if (isAsync(input.fn)) return true;
  }
  return inputParts(input).some(part => mayWait(part, functions));
}

function isAsyncFunction(operation: TaskFunction): boolean {
  const tag = (operation.fn as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  return tag === "AsyncFunction" || tag === "AsyncGeneratorFunction";
}
