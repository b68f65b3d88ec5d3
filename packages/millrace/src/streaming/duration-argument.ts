import { millraceError } from "../common/errors/index.ts";
import { type DurationLike, toDuration } from "../common/time/index.ts";

/**
 * Milliseconds of a duration that must be longer than nothing.
 * @param what how the message calls it, such as `The window duration`
 * @throws MR_STREAMING_DURATION
 */
export function positiveMs(value: DurationLike, what: string, operator: string): number {
  const { milliseconds } = toDuration(value);
  if (milliseconds > 0) return milliseconds;
  throw millraceError("MR_STREAMING_DURATION", `${what} must be positive, got ${milliseconds} ms`, {
    operator,
    hint: 'Write Seconds(1), a number of milliseconds, or a text such as "10s".',
  });
}
