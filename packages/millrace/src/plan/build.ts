import type { AnyFunction } from "../closure/index.ts";
import type { CallSite } from "../common/call-site.ts";
import type {
  Aggregator,
  CartesianNode,
  CoalesceNode,
  LocalCheckpointNode,
  NarrowKind,
  NarrowNode,
  Ordering,
  PlanNode,
  ReaderRef,
  ShuffleNode,
  SourceNode,
  StateLineage,
  StateNode,
  StateRule,
  StateView,
  StateViewNode,
  UnionNode,
  ZipPartitionsNode,
} from "./node.ts";
import type { Partitioner } from "./partitioner.ts";
import { Preparation, type PreparationRun } from "./preparation.ts";
import { StorageLevel } from "./storage-level.ts";

/** What the face above says of a node: the operation's name and the user's line. */
export interface Origin {
  readonly operator: string;
  readonly site: CallSite | undefined;
}

let lastNodeId = 0;

/** An id that no other node of this process has. */
export function nextNodeId(): number {
  lastNodeId += 1;
  return lastNodeId;
}

function base(
  origin: Origin,
  numPartitions: number,
  partitioner: Partitioner | undefined,
  parents: readonly PlanNode[],
) {
  return {
    id: nextNodeId(),
    operator: origin.operator,
    site: origin.site,
    numPartitions,
    partitioner,
    storageLevel: StorageLevel.NONE,
    preparation: preparationOf(parents),
  };
}

/** What the lineage of these parents must have run. */
function preparationOf(parents: readonly PlanNode[]): Preparation | undefined {
  let needed: Set<Preparation> | undefined;
  for (const { preparation } of parents) {
    if (preparation === undefined || preparation.isDone) continue;
    needed ??= new Set();
    needed.add(preparation);
  }
  if (needed === undefined) return undefined;
  const [only] = needed;
  return needed.size > 1 ? new Preparation(undefined, [...needed]) : only;
}

/** The node with something that must run before any job that needs it, after what its lineage needs. */
export function prepared<N extends PlanNode>(node: N, run: PreparationRun): N {
  const before = node.preparation === undefined ? [] : [node.preparation];
  return { ...node, preparation: new Preparation(run, before) };
}

/** One partition per split. */
export function source(origin: Origin, reader: ReaderRef, splits: readonly unknown[]): SourceNode {
  return { ...base(origin, splits.length, undefined, []), op: "source", reader, splits };
}

/** `keepsKeys`: the function leaves every key where it is, so the parent's partitioner still holds. */
export function narrow(
  origin: Origin,
  kind: NarrowKind,
  parent: PlanNode,
  fn: AnyFunction,
  keepsKeys: boolean,
): NarrowNode {
  const partitioner = keepsKeys ? parent.partitioner : undefined;
  return { ...base(origin, parent.numPartitions, partitioner, [parent]), op: "narrow", kind, fn, parent };
}

/**
 * Concatenates; when all parents that have partitions share one partitioner their partitions are merged
 * one by one and the partitioner is kept.
 */
export function union(origin: Origin, parents: readonly PlanNode[]): UnionNode {
  const filled = parents.filter(parent => parent.numPartitions > 0);
  const first = filled[0]?.partitioner;
  if (first !== undefined && filled.every(parent => parent.partitioner?.equals(first))) {
    return {
      ...base(origin, first.numPartitions, first, filled),
      op: "union",
      aligned: true,
      parents: filled,
    };
  }
  const total = filled.reduce((sum, parent) => sum + parent.numPartitions, 0);
  return { ...base(origin, total, undefined, filled), op: "union", aligned: false, parents: filled };
}

/** Groups neighbouring partitions evenly into at most `numPartitions`. */
export function coalesce(origin: Origin, parent: PlanNode, numPartitions: number): CoalesceNode {
  const count = Math.min(numPartitions, parent.numPartitions);
  const groups = Array.from({ length: count }, (_, group) => {
    const from = Math.floor((group * parent.numPartitions) / count);
    const to = Math.floor(((group + 1) * parent.numPartitions) / count);
    return Array.from({ length: to - from }, (_, i) => from + i);
  });
  return { ...base(origin, count, undefined, [parent]), op: "coalesce", parent, groups };
}

/** All parents must have the same number of partitions: the caller checks. */
export function zipPartitions(
  origin: Origin,
  parents: readonly [PlanNode, ...PlanNode[]],
  fn: AnyFunction,
  partitioner?: Partitioner,
): ZipPartitionsNode {
  return {
    ...base(origin, parents[0].numPartitions, partitioner, parents),
    op: "zipPartitions",
    parents,
    fn,
  };
}

/** Every pair of a left and a right record. */
export function cartesian(origin: Origin, left: PlanNode, right: PlanNode): CartesianNode {
  const partitions = left.numPartitions * right.numPartitions;
  return { ...base(origin, partitions, undefined, [left, right]), op: "cartesian", left, right };
}

/** Keeps the parent's partitions and then forgets how they came about. */
export function localCheckpoint(origin: Origin, parent: PlanNode): LocalCheckpointNode {
  return {
    ...base(origin, parent.numPartitions, parent.partitioner, [parent]),
    storageLevel: StorageLevel.MEMORY_ONLY,
    op: "localCheckpoint",
    parent,
  };
}

/** The next version of a state. `initial` and `updates` must have the state's partitioner. */
export function state(
  origin: Origin,
  partitioner: Partitioner,
  rule: StateRule,
  lineage: StateLineage,
  keepsLineage = false,
): StateNode {
  return {
    ...base(origin, partitioner.numPartitions, partitioner, inputsOf(lineage)),
    storageLevel: StorageLevel.MEMORY_ONLY,
    op: "state",
    partitioner,
    rule,
    lineage,
    seed: undefined,
    keepsLineage,
  };
}

function inputsOf({ previous, initial, updates }: StateLineage): PlanNode[] {
  return [previous, initial, ...updates].filter(input => input !== undefined);
}

/** A version of a state as it was saved: `seed` has its snapshots, partition by partition. */
export function savedState(
  origin: Origin,
  partitioner: Partitioner,
  rule: StateRule,
  seed: PlanNode,
): StateNode {
  const lineage = { previous: undefined, initial: undefined, updates: [] };
  return { ...state(origin, partitioner, rule, lineage), lineage: undefined, seed };
}

/** A version of a state has been saved: it can be made again from `seed`, and what came before is let go. */
export function seedState(node: StateNode, seed: PlanNode): void {
  node.seed = seed;
  node.lineage = undefined;
}

/** The records of a version of a state. `keepsKeys`: each lies where the partitioner puts its key. */
export function stateView(origin: Origin, of: StateNode, view: StateView, keepsKeys = false): StateViewNode {
  return {
    ...base(origin, of.numPartitions, keepsKeys ? of.partitioner : undefined, [of]),
    op: "stateView",
    state: of,
    view,
  };
}

/** Records must be pairs; with an aggregator the values of a key become one, with an ordering they are sorted. */
export function shuffle(
  origin: Origin,
  parent: PlanNode,
  partitioner: Partitioner,
  aggregator?: Aggregator,
  ordering?: Ordering,
): ShuffleNode {
  return {
    ...base(origin, partitioner.numPartitions, partitioner, [parent]),
    op: "shuffle",
    parent,
    partitioner,
    aggregator,
    ordering,
  };
}
