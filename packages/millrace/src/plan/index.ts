export { becomeLocalCheckpoint, endsLineage } from "./become-local-checkpoint.ts";
export { becomeSource } from "./become-source.ts";
export {
  cartesian,
  coalesce,
  localCheckpoint,
  narrow,
  type Origin,
  prepared,
  savedState,
  seedState,
  shuffle,
  source,
  state,
  stateView,
  union,
  zipPartitions,
} from "./build.ts";
export type {
  Aggregator,
  LocalCheckpointNode,
  NarrowKind,
  NarrowNode,
  Ordering,
  PlanNode,
  ReaderRef,
  ShuffleNode,
  SnapshotPart,
  SnapshotSlice,
  StateLineage,
  StateNode,
  StateRule,
  StateView,
  StateViewNode,
} from "./node.ts";
export { isShuffled, parentsOf } from "./parents-of.ts";
export { HashPartitioner, Partitioner } from "./partitioner.ts";
export { type Partitioning, type PartitioningOptions, wantedPartitioner } from "./partitioning.ts";
export { PositionPartitioner } from "./position-partitioner.ts";
export { Preparation, type PreparationRun } from "./preparation.ts";
export {
  type Candidate,
  determineBounds,
  type KeyOrder,
  RangePartitioner,
  type RangeSource,
  rangeOf,
} from "./range-partitioner.ts";
export { StorageLevel } from "./storage-level.ts";
