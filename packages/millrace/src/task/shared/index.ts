import "./travelling-accumulators.ts";

export { type AccumulatorUpdate, mergeUpdates, TaskUpdates, withUpdates } from "./accumulator-updates.ts";
export {
  AccumulatorV2,
  type AnyAccumulator,
  liveAccumulable,
  registerAccumulator,
} from "./accumulator-v2.ts";
export { Broadcast, createBroadcast, type ReleaseBroadcast, releaseBroadcast } from "./broadcast.ts";
export { CollectionAccumulator } from "./collection-accumulator.ts";
export { DoubleAccumulator } from "./double-accumulator.ts";
export { LongAccumulator } from "./long-accumulator.ts";
