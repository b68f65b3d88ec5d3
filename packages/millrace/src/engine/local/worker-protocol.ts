import type { ShippedClosure } from "../../closure/index.ts";
import type { ErrorCode } from "../../common/errors/index.ts";
import type { ModuleExport } from "../../common/platform/platform.ts";
import type { MemorySettings } from "../../task/memory/task-memory.ts";
import type { KeptChange } from "../../task/partition-cache.ts";
import type { AccumulatorUpdate } from "../../task/shared/index.ts";
import type { EncodedBlock } from "../../task/shuffle-block.ts";
import type { Operation, TaskInput, TaskSink } from "../../task/spec.ts";
import type { WirePartitioner } from "../wire-partitioner.ts";

/** What a worker thread is started with. */
export interface WorkerSettings {
  readonly memory: MemorySettings;
  /** By scheme; loaded before the first task. */
  readonly fileSystems: Readonly<Record<string, ModuleExport>>;
}

/** A function of a task as it crosses to a worker. */
export interface WireFunction {
  readonly hash: string;
  readonly operator: string;
  readonly site: string | undefined;
}

/** As `TaskSink`, with the partitioner in its wire form. */
export type WireSink =
  | Exclude<TaskSink, { readonly kind: "shuffle" }>
  | (Omit<Extract<TaskSink, { readonly kind: "shuffle" }>, "partitioner"> & {
      readonly partitioner: WirePartitioner;
    });

/** As `TaskSpec`, with functions by the hash of their content. */
export interface WireTask {
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  readonly functions: readonly WireFunction[];
  readonly input: TaskInput;
  readonly sink: WireSink;
}

export type ToWorker =
  /** `closures`: those of the task's functions this worker has not been sent yet. */
  | {
      readonly kind: "run";
      readonly id: number;
      readonly task: WireTask;
      readonly closures: readonly ShippedClosure[];
    }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "drop"; readonly node: number }
  | { readonly kind: "releaseBroadcast"; readonly key: string; readonly what: "unpersist" | "destroy" }
  /** Ends what tasks made for themselves in this thread; answered with `left`. */
  | { readonly kind: "leave" };

export type FromWorker =
  | {
      readonly kind: "done";
      readonly id: number;
      readonly result: unknown;
      /** The result, when it holds instances of classes. */
      readonly encoded?: EncodedBlock;
      readonly updates: readonly AccumulatorUpdate[];
      readonly shuffleKb: number;
      readonly cached: readonly KeptChange[];
    }
  | { readonly kind: "failed"; readonly id: number; readonly failure: WireFailure }
  | { readonly kind: "cacheMiss"; readonly id: number; readonly node: number; readonly partition: number }
  | { readonly kind: "left" };

/** Something thrown as plain data: an error (`code` and `hint` when it was a coded one), or another value. */
export type WireError = WireErrorObject | { readonly kind: "value"; readonly value: unknown };

export interface WireErrorObject {
  readonly kind: "error";
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: ErrorCode | undefined;
  readonly hint: string | undefined;
  readonly cause: WireError | undefined;
}

/** What a task threw, and the operation it was in. */
export interface WireFailure {
  readonly error: WireError;
  readonly operation: Operation | undefined;
}
