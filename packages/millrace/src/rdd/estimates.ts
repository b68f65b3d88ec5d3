import { normalQuantile, studentQuantile } from "../common/statistics/quantiles.ts";
import type { StatCounter } from "../common/statistics/stat-counter.ts";

/** A number that is known up to a bound. */
export interface BoundedDouble {
  /** The best guess. */
  readonly mean: number;
  /** How likely the true value lies from `low` to `high`, from 0 to 1. */
  readonly confidence: number;
  readonly low: number;
  readonly high: number;
}

const unknown: BoundedDouble = {
  mean: 0,
  confidence: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

function exact(value: number): BoundedDouble {
  return { mean: value, confidence: 1, low: value, high: value };
}

/**
 * A count of which `part` (0 to 1) has been seen: what is missing is taken for a negative binomial variable,
 * near enough a normal one.
 */
export function countEstimate(seen: number, part: number, confidence: number): BoundedDouble {
  if (part >= 1) return exact(seen);
  if (part <= 0) return { ...unknown, low: 0 };
  const mean = seen / part;
  const spread = normalQuantile((1 + confidence) / 2) * (Math.sqrt((seen + 1) * (1 - part)) / part);
  return { mean, confidence, low: Math.max(seen, Math.floor(mean - spread)), high: Math.ceil(mean + spread) };
}

/** A mean over `part` of the data: Student's interval. */
export function meanEstimate(seen: StatCounter, part: number, confidence: number): BoundedDouble {
  if (part >= 1) return exact(seen.mean);
  if (seen.count < 2) return { ...unknown, mean: seen.mean };
  const spread =
    studentQuantile((1 + confidence) / 2, seen.count - 1) * Math.sqrt(seen.sampleVariance / seen.count);
  return { mean: seen.mean, confidence, low: seen.mean - spread, high: seen.mean + spread };
}

/** A sum over `part` of the data: the mean times the count, whose errors are taken as independent. */
export function sumEstimate(seen: StatCounter, part: number, confidence: number): BoundedDouble {
  if (part >= 1) return exact(seen.sum);
  if (part <= 0 || seen.count < 2) return unknown;
  const count = seen.count / part;
  const countVariance = ((seen.count + 1) * (1 - part)) / part ** 2;
  const meanVariance = seen.sampleVariance / seen.count;
  const mean = seen.mean * count;
  const variance = meanVariance * countVariance + seen.mean ** 2 * countVariance + count ** 2 * meanVariance;
  const spread = studentQuantile((1 + confidence) / 2, seen.count - 1) * Math.sqrt(variance);
  return { mean, confidence, low: mean - spread, high: mean + spread };
}
