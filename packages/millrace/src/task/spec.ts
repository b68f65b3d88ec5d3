import type { AnyFunction } from "../closure/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { NarrowKind, Partitioner, ReaderRef, SnapshotPart, SnapshotSlice } from "../plan/index.ts";
import type { KeptAs } from "./partition-cache.ts";
import type { ShuffleBlock } from "./shuffle-block.ts";

/** What an error says about the operation it comes from. */
export interface Operation {
  readonly operator: string;
  /** `file:line` of the operation. */
  readonly site: string | undefined;
}

/** A user's function with its operation. */
export interface TaskFunction extends Operation {
  readonly fn: AnyFunction;
}

/**
 * Where the records of a partition come from: the lineage of one partition, cut at shuffles. Functions are
 * positions in the task's table, so that the rest is plain data.
 */
export type TaskInput =
  | {
      readonly op: "read";
      readonly reader: ReaderRef;
      readonly split: unknown;
      /** Whose source it is; absent for what the engine itself reads. */
      readonly operation?: Operation;
    }
  | {
      readonly op: "shuffled";
      readonly blocks: readonly ShuffleBlock[];
      readonly aggregation: Aggregation | undefined;
    }
  /** `partition` is what `mapPartitionsWithIndex` is told. */
  | {
      readonly op: "steps";
      readonly partition: number;
      readonly steps: readonly Step[];
      readonly input: TaskInput;
    }
  /** Pairs that are in place already and only need combining. */
  | { readonly op: "aggregate"; readonly input: TaskInput; readonly aggregation: Aggregation }
  /** Pairs in order of their keys. */
  | { readonly op: "sort"; readonly input: TaskInput; readonly ordering: TaskOrdering }
  | { readonly op: "concat"; readonly inputs: readonly TaskInput[] }
  | { readonly op: "zip"; readonly fn: number; readonly inputs: readonly TaskInput[] }
  | { readonly op: "cartesian"; readonly left: TaskInput; readonly right: TaskInput }
  /** `input` is absent when the partition is known to be kept where the task will run. */
  | {
      readonly op: "cached";
      readonly node: number;
      readonly partition: number;
      readonly as: KeptAs;
      readonly input: TaskInput | undefined;
    }
  /** A version of a state that is kept where the task will run. */
  | {
      readonly op: "stateView";
      readonly node: number;
      readonly partition: number;
      readonly view: TaskStateView;
    }
  /** The same, of a version that is written down as records: what `stateUpdate` gives where it does not keep them. */
  | { readonly op: "recordedView"; readonly input: TaskInput; readonly view: TaskStateView }
  /**
   * Makes a version of a state. `keeps`: it stays where the task runs, and there are no records; otherwise the
   * version is given as records. `updates` are pairs, one input per role the rule knows.
   */
  | {
      readonly op: "stateUpdate";
      readonly node: number;
      readonly partition: number;
      readonly keeps: boolean;
      readonly from: StateOrigin;
      readonly updates: readonly TaskInput[];
      readonly rule: TaskStateRule;
    };

/** What to read of a version: no records at all, or as `StateView` of the plan says. */
export type TaskStateView =
  | { readonly kind: "nothing" | "entries" | "emitted" }
  /** `since`: the node of an earlier version. */
  | {
      readonly kind: "snapshot";
      readonly since: number | undefined;
      readonly part?: SnapshotPart | undefined;
      readonly slice?: SnapshotSlice | undefined;
    };

/** What a version of a state starts from. */
export type StateOrigin =
  | { readonly kind: "empty" }
  /** The version before, kept where the task will run. */
  | { readonly kind: "version"; readonly node: number }
  /** The version before, as records. */
  | { readonly kind: "recorded"; readonly input: TaskInput }
  /** Pairs of keys and states. */
  | { readonly kind: "pairs"; readonly input: TaskInput }
  /** A base and deltas on top of it; the version is no more than that. */
  | { readonly kind: "snapshot"; readonly input: TaskInput };

/** How a state is updated: the rule's name, its functions by position, and what it is told. */
export interface TaskStateRule {
  readonly name: string;
  readonly functions: readonly number[];
  readonly params: { readonly timeMs: number };
  readonly operation: Operation;
}

/** An order of keys; `compare` is the position of a function, absent for the natural order. */
export interface TaskOrdering {
  readonly descending: boolean;
  readonly compare: number | undefined;
  readonly operation: Operation;
}

/** One narrow operation. */
export interface Step {
  readonly kind: NarrowKind;
  readonly fn: number;
}

/** An aggregator's functions, as positions in the table. */
export interface Aggregation {
  readonly create: number | undefined;
  readonly mergeValue: number;
  readonly mergeCombiners: number;
  /** On the reading side: blocks hold combined values already. */
  readonly isCombined: boolean;
}

/** What becomes of the records, and so what the task answers. */
export type TaskSink =
  | { readonly kind: "collect" }
  | { readonly kind: "count" }
  | { readonly kind: "take"; readonly limit: number }
  /** `zero`: a function that gives the value to start from; absent: the first record. */
  | { readonly kind: "reduce"; readonly fn: number; readonly zero: number | undefined }
  | { readonly kind: "foreach"; readonly fn: number }
  /** `fn(records, task)` sees the whole partition. */
  | { readonly kind: "partition"; readonly fn: number; readonly argument: unknown }
  | {
      readonly kind: "shuffle";
      readonly operation: Operation;
      readonly partitioner: Partitioner;
      readonly aggregation: Aggregation | undefined;
    };

/** One partition of one stage. */
export interface TaskSpec {
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  readonly functions: readonly TaskFunction[];
  readonly input: TaskInput;
  readonly sink: TaskSink;
}

/** What `reduce` answers for a partition: nothing at all when it was empty. */
export type Reduced = { readonly has: boolean; readonly value: unknown };

/** What a partition function learns about its task. */
export interface TaskInfo {
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  /** Plain data the action passed along. */
  readonly argument: unknown;
  readonly platform: Platform;
}
