import { millraceError } from "../../common/errors/index.ts";
import type { RateEstimator } from "./rate-estimator.ts";

/** How strongly the parts of the error count. */
export interface PIDSettings {
  /** Weight of the present error; at least 0. */
  readonly proportional: number;
  /** Weight of the accumulated error, which is what waits to be processed; at least 0. */
  readonly integral: number;
  /** Weight of the error's change; at least 0. */
  readonly derived: number;
  /** The lowest rate, in records a second; above 0. */
  readonly minRate: number;
}

/** What is known after a batch, for the next one. */
interface Past {
  readonly timeMs: number;
  /** Records a second. */
  readonly rate: number;
  /** By how many records a second the rate was too high. */
  readonly error: number;
}

/**
 * A controller with a proportional, an integral and a derivative part: the rate is set right when it is as
 * high as the measured speed of processing and nothing waits. The records that wait, because batches were
 * scheduled late, are the integral of all past errors, so that it need not be summed up here.
 */
export class PIDRateEstimator implements RateEstimator {
  readonly #batchMs: number;
  readonly #settings: PIDSettings;
  #past: Past | undefined;

  /** @throws MR_BAD_ARGUMENT when a number is out of its range */
  constructor(batchMs: number, settings: PIDSettings) {
    const { proportional, integral, derived, minRate } = settings;
    requirePositive("batch interval", batchMs);
    requireNotNegative("proportional", proportional);
    requireNotNegative("integral", integral);
    requireNotNegative("derivative", derived);
    requirePositive("minimum rate", minRate);
    this.#batchMs = batchMs;
    this.#settings = settings;
  }

  compute(
    timeMs: number,
    numRecords: number,
    processingDelayMs: number,
    schedulingDelayMs: number,
  ): number | undefined {
    const past = this.#past;
    if (!(timeMs > (past?.timeMs ?? -1) && numRecords > 0 && processingDelayMs > 0)) return undefined;
    const { proportional, integral, derived, minRate } = this.#settings;
    const processingRate = (numRecords / processingDelayMs) * 1000;
    if (past === undefined) {
      this.#past = { timeMs, rate: processingRate, error: 0 };
      return undefined;
    }
    const sinceSeconds = (timeMs - past.timeMs) / 1000;
    const error = past.rate - processingRate;
    const accumulated = (schedulingDelayMs * processingRate) / this.#batchMs;
    const change = (error - past.error) / sinceSeconds;
    const rate = Math.max(
      minRate,
      past.rate - proportional * error - integral * accumulated - derived * change,
    );
    this.#past = { timeMs, rate, error };
    return rate;
  }
}

function requirePositive(what: string, value: number): void {
  if (!(value > 0)) throw outOfRange(what, value, "positive");
}

function requireNotNegative(what: string, value: number): void {
  if (!(value >= 0)) throw outOfRange(what, value, "at least 0");
}

function outOfRange(what: string, value: number, range: string) {
  return millraceError(
    "MR_BAD_ARGUMENT",
    `The ${what} of a PID rate estimator must be ${range}, got ${value}`,
  );
}
