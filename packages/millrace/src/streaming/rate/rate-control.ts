import type { BatchInfo } from "../scheduler/batch-info.ts";
import type { RateEstimator } from "./rate-estimator.ts";

/** An input whose rate can be set. */
export interface RatedInput {
  readonly streamId: number;
  /** Takes a new limit, in whole records a second. */
  setRate?(recordsPerSecond: number): void;
}

interface Controlled {
  readonly streamId: number;
  readonly setRate: (recordsPerSecond: number) => void;
  readonly estimator: RateEstimator;
}

/** Back-pressure: after each batch, sets the rate of every input that has one to what its estimator says. */
export class RateControl {
  readonly #inputs: readonly Controlled[];
  readonly #latest = new Map<number, number>();

  constructor(inputs: readonly RatedInput[], createEstimator: () => RateEstimator) {
    this.#inputs = inputs.flatMap(input => {
      const { streamId } = input;
      if (input.setRate === undefined) return [];
      return [{ streamId, setRate: rate => input.setRate?.(rate), estimator: createEstimator() }];
    });
  }

  /** The rates set last, by stream id, in records a second. */
  get latestRates(): ReadonlyMap<number, number> {
    return this.#latest;
  }

  /** Learns from a batch whose jobs have all ended. */
  batchCompleted(batch: BatchInfo): void {
    const { processingEndTime, processingDelay, schedulingDelay, streamIdToInputInfo } = batch;
    if (processingEndTime === undefined || processingDelay === undefined || schedulingDelay === undefined)
      return;
    for (const { streamId, setRate, estimator } of this.#inputs) {
      const numRecords = streamIdToInputInfo.get(streamId)?.numRecords ?? 0;
      const rate = estimator.compute(processingEndTime, numRecords, processingDelay, schedulingDelay);
      // A rate below 1 is none.
      if (rate === undefined || Math.trunc(rate) <= 0) continue;
      this.#latest.set(streamId, Math.trunc(rate));
      setRate(Math.trunc(rate));
    }
  }
}
