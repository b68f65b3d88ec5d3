import type { WireFunction, WireSink } from "millrace/engine";
import type { PackedClosure } from "./packed-closure.ts";

/*
 * What the driver and Node on the executors say to each other, serialised by V8. A task sees blocks of these
 * kinds: 0 its own input when the program does not hold it; a positive kind is the id of a persisted node, with
 * the partition as sequence; a negative kind -1 - slot is a shuffle block, with the map task as sequence. Every
 * block of data begins with 8 bytes: which piece it is of its blocks of the same kind and sequence, and zero.
 */
export const KIND_INPUT = 0;
export const KIND_RESULT = 0;

/**
 * What one task added to accumulators, serialised. It travels with the task's output, and from stage to stage, to the
 * driver: so it counts once for each task whose output is used.
 */
export const KIND_UPDATES: number = -(2 ** 31);
/** The same beside what is kept on the cluster, where later readers pass it by. */
export const KIND_KEPT_UPDATES: number = KIND_UPDATES + 1;

/** The kind of the blocks of a slot. */
export function kindOfSlot(slot: number): number {
  return -1 - slot;
}

/** Where a shuffle's map task sends the blocks of a reducer. */
export interface Route {
  readonly reducer: number;
  readonly slot: number;
  /** Values of `p`: one per task that reads the reducer. */
  readonly targets: readonly number[];
}

/** What becomes of what a task answers. */
export type Output =
  /** One result for the driver. */
  | { readonly kind: "result" }
  /** Records that stay on the cluster: partition i under `p` = `targets[i]`. */
  | { readonly kind: "keep"; readonly node: number; readonly targets: readonly number[] }
  | { readonly kind: "scatter"; readonly routes: readonly Route[] };

/** One stage. */
export interface StageProgram {
  readonly kind: "stage";
  readonly stage: number;
  /** Spark's number of the first task: those of a union are counted through. */
  readonly firstTask: number;
  /** Partition of the node by task; absent when task i is partition i. */
  readonly partitions: readonly number[] | undefined;
  readonly functions: readonly WireFunction[];
  readonly closures: readonly PackedClosure[];
  /** Keys of broadcast variables that are not needed any more. */
  readonly destroyed: readonly string[];
  readonly sink: WireSink;
  readonly output: Output;
  /** By task, serialised `TaskInput`s; absent when each task gets its own as a block. */
  readonly inputs: readonly Uint8Array[] | undefined;
}

/** Sends blocks of kept partitions to the tasks that read them: `targets[partition]`. */
export interface RouteProgram {
  readonly kind: "route";
  readonly targets: readonly (readonly number[])[];
}

/** Sends what the tasks that made a kept node have added to accumulators to the driver. */
export interface UpdatesProgram {
  readonly kind: "updates";
}

/** Answers what the executor runs. */
export interface HelloProgram {
  readonly kind: "hello";
}

export type Program = StageProgram | RouteProgram | UpdatesProgram | HelloProgram;

/** What the executor answers to `hello`. */
export interface Hello {
  readonly node: string;
}

/** Between the text of a failed task and its data, in what Python and Spark report. */
export const FAILURE_MARK = "MILLRACE-FAILURE:";
export const FAILURE_END = ":END-OF-FAILURE";
