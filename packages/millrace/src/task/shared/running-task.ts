import { AsyncLocalStorage } from "node:async_hooks";
import type { AnyAccumulator } from "./accumulator-v2.ts";

/** What a task has of its own while it runs. */
export interface RunningTask {
  /** The task's own copy of an accumulator. */
  copyOf(accumulator: AnyAccumulator): AnyAccumulator;
}

/** The task whose code runs now, also across the waits of async functions; none on the driver. */
export const runningTask = new AsyncLocalStorage<RunningTask>();
