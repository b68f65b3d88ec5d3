import type { AnyFunction } from "../closure/index.ts";
import type { Origin, PlanNode } from "../plan/index.ts";
import type { Cancellation } from "../task/cancellation.ts";
import type { JobProperties, PlannedStage } from "./events/index.ts";

/** What an action does with the records of each partition, and so what it gets back per partition. */
export type JobSink =
  /** All records, as an array. */
  | { readonly kind: "collect" }
  | { readonly kind: "count" }
  /** The first `limit` records. */
  | { readonly kind: "take"; readonly limit: number }
  /** A `Reduced`. `zero` gives the value to start from; without it that is the first record. */
  | { readonly kind: "reduce"; readonly fn: AnyFunction; readonly zero?: AnyFunction }
  | { readonly kind: "foreach"; readonly fn: AnyFunction }
  /** What `fn(records, task)` answers; `argument` reaches it as `task.argument`. */
  | { readonly kind: "partition"; readonly fn: AnyFunction; readonly argument?: unknown };

/** One action on the partitions of a node. */
export interface Job {
  readonly node: PlanNode;
  readonly partitions: readonly number[];
  readonly sink: JobSink;
  /** The action and the user's line. */
  readonly origin: Origin;
  /** Gives the job up; its reason is what the program said. */
  readonly cancellation: Cancellation;
  /** Counts up from 0 in the application; older jobs go first. */
  readonly id: number;
  /** What was set where the action was called: `spark.scheduler.pool` and the like. */
  readonly properties: JobProperties;
}

/** What is kept of a persisted node: partitions, and bytes of them in memory and on disk, by estimate. */
export interface StorageStatus {
  readonly node: number;
  readonly partitions: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** Runs plans. The core has one for this process; `sc://` masters bring another. */
export interface Engine {
  /** How many tasks run at once; the default number of partitions. */
  readonly parallelism: number;
  /** Makes ready for jobs, so that the first one need not wait; absent where nothing has to be done. */
  connect?(): Promise<void>;
  /** The stages that a job is going to have, for listeners; absent where nobody knows. */
  plannedStages?(job: Pick<Job, "id" | "node" | "partitions" | "origin">): readonly PlannedStage[];
  /** One result per wanted partition, in order. */
  run(job: Job): Promise<unknown[]>;
  /** Lets go of the kept partitions of a node. */
  unpersist(node: PlanNode): void;
  /** Lets go of what the places where tasks run hold of a broadcast variable. */
  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void;
  /** What is kept of persisted nodes, as far as the engine knows. */
  storageStatus(): readonly StorageStatus[];
  /** Gives up what runs and releases threads, files and connections. */
  stop(): Promise<void>;
}

/** Called when all partitions of a node are kept: lets go of what is never computed again. */
export function cutLineage(node: PlanNode): void {
  if (node.op === "localCheckpoint") node.parent = undefined;
  else if (node.op === "state" && !node.keepsLineage) node.lineage = undefined;
  // A call site that nobody has looked at yet holds the stack, and with it the RDDs this node was made of.
  void node.site?.text;
}
