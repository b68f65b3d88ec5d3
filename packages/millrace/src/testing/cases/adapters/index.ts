import { accumulatorAdapters } from "./accumulators.ts";
import type { SequenceAdapter, UnitAdapter } from "./adapter.ts";
import { configurationAdapters } from "./configuration.ts";
import { rateEstimates, receivedBlocks, receivingAdapters } from "./receiving.ts";
import { inputInfoTracker, recurringTimer } from "./sequences.ts";
import { stateAdapters, stateMaps } from "./states.ts";
import { streamAdapters } from "./streams.ts";
import { timeAdapters } from "./times.ts";

/** How the calls of `unit` cases are made, by `op`. */
export const unitAdapters: ReadonlyMap<string, UnitAdapter> = new Map(
  Object.entries({
    ...timeAdapters,
    ...configurationAdapters,
    ...streamAdapters,
    ...stateAdapters,
    ...receivingAdapters,
  }),
);

/** How the objects of `sequence` cases are made, by `op`. */
export const sequenceAdapters: ReadonlyMap<string, SequenceAdapter> = new Map([
  ["OpenHashMapBasedStateMap", stateMaps],
  ["RecurringTimer(period 100)", recurringTimer],
  ["InputInfoTracker", inputInfoTracker],
  ...accumulatorAdapters,
  ["PIDRateEstimator.compute", rateEstimates],
  ["ReceivedBlockTracker (no checkpoint dir)", receivedBlocks],
]);
