import type { AnyFunction } from "../closure/index.ts";
import type { CallSite } from "../common/call-site.ts";
import type { Partitioner } from "./partitioner.ts";
import type { Preparation } from "./preparation.ts";
import type { StorageLevel } from "./storage-level.ts";

/**
 * A reader is code that opens a split where the task runs. Readers of the core go by name; a connector
 * names the module that exports its own.
 */
export type ReaderRef = { readonly name: string } | { readonly module: string; readonly export: string };

/** What every node of a plan carries. */
export interface NodeBase {
  readonly id: number;
  /** The operation as the user wrote it: `map`, `reduceByKey`, … */
  readonly operator: string;
  /** Where the user wrote it. */
  readonly site: CallSite | undefined;
  readonly numPartitions: number;
  readonly partitioner: Partitioner | undefined;
  /** How its partitions are kept once computed; an attribute, changed by `persist` and `unpersist`. */
  storageLevel: StorageLevel;
  /** Runs before any job that needs this node or one built on it; absent when nothing needs to. */
  readonly preparation: Preparation | undefined;
}

/** Data from outside: one split per partition, opened by a reader. */
export interface SourceNode extends NodeBase {
  readonly op: "source";
  readonly reader: ReaderRef;
  readonly splits: readonly unknown[];
}

/** Operations that see one record at a time (fused), or one partition at a time. */
export type NarrowKind =
  | "map"
  | "filter"
  | "flatMap"
  | "mapValues"
  | "flatMapValues"
  | "mapPartitions"
  | "mapPartitionsWithIndex";

export interface NarrowNode extends NodeBase {
  readonly op: "narrow";
  readonly kind: NarrowKind;
  readonly fn: AnyFunction;
  readonly parent: PlanNode;
}

/** All partitions of all parents; or, `aligned`, partition i of the union is partition i of each parent in turn. */
export interface UnionNode extends NodeBase {
  readonly op: "union";
  readonly aligned: boolean;
  readonly parents: readonly PlanNode[];
}

/** Partition i is the parent's partitions `groups[i]`, one after the other. */
export interface CoalesceNode extends NodeBase {
  readonly op: "coalesce";
  readonly parent: PlanNode;
  readonly groups: readonly (readonly number[])[];
}

/** Partition i is `fn` of every parent's partition i. */
export interface ZipPartitionsNode extends NodeBase {
  readonly op: "zipPartitions";
  readonly parents: readonly PlanNode[];
  readonly fn: AnyFunction;
}

/** Partition i × right.numPartitions + j pairs left's partition i with right's partition j. */
export interface CartesianNode extends NodeBase {
  readonly op: "cartesian";
  readonly left: PlanNode;
  readonly right: PlanNode;
}

/** How values of one key become one combined value. */
export interface Aggregator {
  /** First value to combined value; absent: the value itself. */
  readonly create: AnyFunction | undefined;
  readonly mergeValue: AnyFunction;
  readonly mergeCombiners: AnyFunction;
  /** Whether to combine before the shuffle too. */
  readonly mapSideCombine: boolean;
}

/** The order of pairs by their keys within a partition. */
export interface Ordering {
  readonly descending: boolean;
  /** Compares two keys as `Array.prototype.sort` wants it; absent: the natural order of keys. */
  readonly compare: AnyFunction | undefined;
}

/** Sends each pair to the partition of its key: the only boundary between stages. */
export interface ShuffleNode extends NodeBase {
  readonly op: "shuffle";
  readonly parent: PlanNode;
  readonly partitioner: Partitioner;
  readonly aggregator: Aggregator | undefined;
  /** Pairs of a partition come out in this order; equal keys in the order of the input. */
  readonly ordering: Ordering | undefined;
}

/**
 * Its parent's partitions, kept; once all of them are, `parent` is let go: a stream whose batches build on
 * each other for ever needs a lineage that ends.
 */
export interface LocalCheckpointNode extends NodeBase {
  readonly op: "localCheckpoint";
  parent: PlanNode | undefined;
}

/** How a state is updated by a batch: a rule that tasks know by name, the user's functions, and plain data for it. */
export interface StateRule {
  readonly name: "inverseWindow" | "mapWithState" | "updateStateByKey" | "updateStateOfPartition";
  readonly functions: readonly AnyFunction[];
  /** `timeMs`: the time of the batch. */
  readonly params: { readonly timeMs: number };
}

/** What the next version of a state is made from. Everything lies in the state's partitioning. */
export interface StateLineage {
  /** The version before; without one the state begins here. */
  readonly previous: StateNode | undefined;
  /** Pairs of keys and states to begin with, when there is no version before. */
  readonly initial: PlanNode | undefined;
  /** The batch's pairs, one input per role the rule knows. */
  readonly updates: readonly PlanNode[];
}

/**
 * One version of a keyed state. It is made once, partition i where the version before has partition i, and kept
 * until it is unpersisted. Has no records of its own: `StateViewNode` reads it.
 *
 * A version that is lost is made again from `seed`, the bytes of a snapshot, or along its lineage.
 */
export interface StateNode extends NodeBase {
  readonly op: "state";
  readonly partitioner: Partitioner;
  readonly rule: StateRule;
  /** Let go of once the version is kept whole, or has a seed: see `keepsLineage`. */
  lineage: StateLineage | undefined;
  /** Snapshots of this version, partition by partition: records are bytes, a base and then the deltas on top of it. */
  seed: PlanNode | undefined;
  /**
   * Whether the lineage is needed until there is a seed, because somebody takes snapshots now and then and wants
   * what is lost to be computed again from the last one.
   */
  readonly keepsLineage: boolean;
}

/** What to read of a version of a state. */
export type StateView =
  /** `entries`: all keys with their states; `emitted`: what the update emitted. */
  | { readonly kind: "entries" | "emitted" }
  /** One `StateSnapshot` a partition: of what changed since an earlier version, or of everything. */
  | {
      readonly kind: "snapshot";
      readonly since: StateNode | undefined;
      readonly part?: SnapshotPart | undefined;
      readonly slice?: SnapshotSlice | undefined;
    };

/**
 * What a delta has beside the changes: part `index` of `of` of all entries, which are dealt out to the parts in rows. So
 * that `of` deltas in a row have every entry, and no base is ever written at once.
 */
export interface SnapshotPart {
  readonly index: number;
  readonly of: number;
}

/**
 * So many of the entries a snapshot has, from the one at a position on; default: all. Batches that wait for a slice
 * wait less long than for all of it.
 */
export interface SnapshotSlice {
  readonly from: number;
  readonly length: number;
}

/** The records of a version of a state. */
export interface StateViewNode extends NodeBase {
  readonly op: "stateView";
  readonly state: StateNode;
  readonly view: StateView;
}

/** Lineage as plain data. */
export type PlanNode =
  | SourceNode
  | NarrowNode
  | UnionNode
  | CoalesceNode
  | ZipPartitionsNode
  | CartesianNode
  | LocalCheckpointNode
  | StateNode
  | StateViewNode
  | ShuffleNode;
