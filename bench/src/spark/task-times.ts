import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TASK_TRACE } from "./cluster.ts";

/** Where the time of one task went, from the moment Spark's Python worker got it; in milliseconds. */
export interface TaskTimes {
  /** Since the epoch. */
  readonly at: number;
  readonly stage: number;
  readonly pythonMs: number;
  readonly bridgeMs: number;
  readonly nodeMs: number;
}

/** A line of `task-trace/sitecustomize.py`; in seconds but for `at`. `bridge` contains `node` and `spark`. */
interface TraceLine {
  readonly at: number;
  readonly stage: number;
  readonly total: number;
  readonly bridge: number;
  readonly node: number;
  readonly spark: number;
}

/** All tasks traced so far. */
export function readTaskTimes(): TaskTimes[] {
  return readdirSync(TASK_TRACE).flatMap(name =>
    readFileSync(join(TASK_TRACE, name), "utf8")
      .trimEnd()
      .split("\n")
      .map(line => timesOf(JSON.parse(line) as TraceLine)),
  );
}

function timesOf({ at, stage, total, bridge, node, spark }: TraceLine): TaskTimes {
  return {
    at,
    stage,
    pythonMs: (total - bridge) * 1e3,
    bridgeMs: (bridge - node - spark) * 1e3,
    nodeMs: node * 1e3,
  };
}

/** Of each stage the slowest task, as the others run beside it; those of one after the other added up. */
export function alongStages(tasks: readonly TaskTimes[]): Omit<TaskTimes, "at" | "stage"> {
  const slowest = new Map<number, TaskTimes>();
  for (const task of tasks) {
    const other = slowest.get(task.stage);
    if (other === undefined || timeOf(task) > timeOf(other)) slowest.set(task.stage, task);
  }
  const sum = { pythonMs: 0, bridgeMs: 0, nodeMs: 0 };
  for (const { pythonMs, bridgeMs, nodeMs } of slowest.values()) {
    sum.pythonMs += pythonMs;
    sum.bridgeMs += bridgeMs;
    sum.nodeMs += nodeMs;
  }
  return sum;
}

function timeOf({ pythonMs, bridgeMs, nodeMs }: TaskTimes): number {
  return pythonMs + bridgeMs + nodeMs;
}
