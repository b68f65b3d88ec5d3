import { millraceError } from "../errors/index.ts";
import type { Clock } from "../platform/platform.ts";
import { systemPlatform } from "../platform/system/index.ts";
import type { Duration } from "./duration.ts";
import { Time } from "./time.ts";

/**
 * What lies between two times; immutable. A window of a stream is an interval.
 *
 * ```ts
 * import { Interval, Seconds, Time } from "millrace";
 * const interval = new Interval(new Time(0), new Time(2_000)).plus(Seconds(1));
 * console.assert(interval.toString() === "[1000 ms, 3000 ms]");
 * console.assert(interval.duration.equals(Seconds(2)));
 * ```
 */
export class Interval {
  /** The earlier end, part of the interval. */
  readonly beginTime: Time;
  /** The later end. */
  readonly endTime: Time;

  constructor(beginTime: Time, endTime: Time) {
    this.beginTime = beginTime;
    this.endTime = endTime;
  }

  /** The interval of length `duration`, counted from the epoch, that now lies in. */
  static currentInterval(duration: Duration, clock: Clock = systemPlatform.clock): Interval {
    const beginTime = new Time(clock.now()).floor(duration);
    return new Interval(beginTime, beginTime.plus(duration));
  }

  /** From begin to end. */
  get duration(): Duration {
    return this.endTime.minus(this.beginTime);
  }

  /** Both ends later by `shift`. */
  plus(shift: Duration): Interval {
    return new Interval(this.beginTime.plus(shift), this.endTime.plus(shift));
  }

  /** Both ends earlier by `shift`. */
  minus(shift: Duration): Interval {
    return new Interval(this.beginTime.minus(shift), this.endTime.minus(shift));
  }

  /** Whether this begins before `that`. Throws MR_BAD_ARGUMENT when one is longer than the other. */
  less(that: Interval): boolean {
    if (!this.duration.equals(that.duration)) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `Comparing two intervals with different durations: ${this} and ${that}`,
        {
          hint: "Only intervals of equal length have an order.",
        },
      );
    }
    return this.beginTime.less(that.beginTime);
  }

  /** As `less`, or equal. */
  lessEq(that: Interval): boolean {
    return this.equals(that) || this.less(that);
  }

  /** As `less`, the other way round. */
  greater(that: Interval): boolean {
    return !this.lessEq(that);
  }

  /** As `greater`, or equal. */
  greaterEq(that: Interval): boolean {
    return !this.less(that);
  }

  /** Whether both ends are the same. */
  equals(that: Interval): boolean {
    return this.beginTime.equals(that.beginTime) && this.endTime.equals(that.endTime);
  }

  /** `"[1000 ms, 3000 ms]"`. */
  toString(): string {
    return `[${this.beginTime}, ${this.endTime}]`;
  }
}
