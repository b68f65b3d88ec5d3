import type { AnyFunction } from "../closure/index.ts";
import type { TaskEnvironment } from "./environment.ts";
import type { FusedStep } from "./fuse/program.ts";
import type { FusedKind } from "./fuse/steps.ts";
import type { Step, TaskFunction } from "./spec.ts";

/** What opening an input needs of its task. */
export interface InputContext {
  readonly functions: readonly TaskFunction[];
  readonly environment: TaskEnvironment;
  /** Told of every version of a state that is kept here. */
  readonly onCached: (node: number, partition: number) => void;
}

/** A function of the task's table. */
export function functionAt(functions: readonly TaskFunction[], index: number): AnyFunction {
  return (functions[index] as TaskFunction).fn;
}

/** Steps with their functions, ready to be fused. */
export function fusedSteps(steps: readonly Step[], functions: readonly TaskFunction[]): FusedStep[] {
  return steps.map(step => ({ kind: step.kind as FusedKind, fn: functionAt(functions, step.fn) }));
}

/** The function of the step a loop was at when it threw. */
export function stepFunction(
  steps: readonly Step[],
  functions: readonly TaskFunction[],
  at: number,
): TaskFunction | undefined {
  const step = steps[at];
  return step === undefined ? undefined : functions[step.fn];
}
