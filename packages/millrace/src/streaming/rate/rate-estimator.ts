import { millraceError } from "../../common/errors/index.ts";
import { PIDRateEstimator, type PIDSettings } from "./pid-rate-estimator.ts";

/** Estimates how many records a second an input may take so that processing keeps up. */
export interface RateEstimator {
  /**
   * @param timeMs when the batch had been processed
   * @param numRecords of the input in this batch
   * @param processingDelayMs how long processing took
   * @param schedulingDelayMs how long the batch waited before
   * @returns records a second, or `undefined` when this batch tells nothing
   */
  compute(
    timeMs: number,
    numRecords: number,
    processingDelayMs: number,
    schedulingDelayMs: number,
  ): number | undefined;
}

/** What the keys `spark.streaming.backpressure.*` say. */
export interface BackpressureSettings {
  readonly enabled: boolean;
  /** The estimator's name. */
  readonly estimator: string;
  readonly pid: PIDSettings;
}

/**
 * The estimator of a name; there is one: `pid`.
 * @throws MR_BAD_ARGUMENT for any other name
 */
export function createRateEstimator(
  { estimator, pid }: Omit<BackpressureSettings, "enabled">,
  batchMs: number,
): RateEstimator {
  if (estimator === "pid") return new PIDRateEstimator(batchMs, pid);
  throw millraceError("MR_BAD_ARGUMENT", `Unknown rate estimator: ${estimator}`, {
    hint: 'spark.streaming.backpressure.rateEstimator can be "pid" only.',
  });
}
