/**
 * What packages that bring an engine or run tasks elsewhere need of the core, as `millrace/engine`. It follows
 * the core's inner structure and changes with it: programs do not import it.
 *
 * @module
 */

export {
  type AnyFunction,
  BoundedMap,
  knownFunction,
  reviveClosure,
  type ShippedClosure,
  shipClosure,
} from "../closure/index.ts";
export { type ErrorCode, MillraceError, millraceError } from "../common/errors/index.ts";
export { createLogger, type Logger } from "../common/log/index.ts";
export type { Platform, Timer } from "../common/platform/platform.ts";
export { systemPlatform } from "../common/platform/system/index.ts";
export {
  type LocalCheckpointNode,
  type Origin,
  Partitioner,
  type PlanNode,
  type ShuffleNode,
  StorageLevel,
} from "../plan/index.ts";
export { builtin, builtinName } from "../task/builtins/index.ts";
export { Cancellation } from "../task/cancellation.ts";
export { decodeBlock, encodeBlock } from "../task/codec/columns.ts";
export { createTaskEnvironment, type TaskEnvironment } from "../task/environment.ts";
export { inputParts, mapInputParts } from "../task/input-parts.ts";
export { PartitionCache } from "../task/partition-cache.ts";
export { runTask } from "../task/run-task.ts";
export { type AccumulatorUpdate, mergeUpdates, releaseBroadcast } from "../task/shared/index.ts";
export type { EncodedBlock, PlainBlock, ShuffleBlock } from "../task/shuffle-block.ts";
export type { TaskFunction, TaskInput, TaskSink, TaskSpec } from "../task/spec.ts";
export { buildInput, type DataLocations, type Missing } from "./build-input.ts";
export { buildSink, type StageSink } from "./build-sink.ts";
export { cutLineage, type Engine, type Job, type JobSink } from "./engine.ts";
export { cancelled, checkpointLost, stateLost, taskFailure } from "./failure.ts";
export { FunctionTable } from "./function-table.ts";
export { encodeInput } from "./local/encode-input.ts";
export { fromWireFailure, toWireFailure } from "./local/wire-error.ts";
export type { WireFailure, WireFunction, WireSink } from "./local/worker-protocol.ts";
export { partitionerFromWire, partitionerToWire, type WirePartitioner } from "./wire-partitioner.ts";
