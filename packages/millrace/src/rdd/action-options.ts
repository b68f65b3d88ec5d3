import type { SparkContext } from "./spark-context.ts";

/** What an action can be told beside its arguments. */
export interface ActionOptions {
  /** Gives the action's jobs up; it fails with MR_JOB_CANCELLED. For other actions there is `sc.withSignal`. */
  readonly signal?: AbortSignal;
}

/** Runs an action whose jobs the signal of its options gives up. */
export function withOptions<R>(context: SparkContext, { signal }: ActionOptions, action: () => R): R {
  return signal === undefined ? action() : context.withSignal(signal, action);
}
