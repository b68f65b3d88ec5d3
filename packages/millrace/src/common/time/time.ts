import { millraceError } from "../errors/index.ts";
import { Duration } from "./duration.ts";
import { wholeMilliseconds } from "./whole-milliseconds.ts";

/**
 * An instant: whole milliseconds since the epoch; immutable. Every batch has a time.
 *
 * ```ts
 * import { Seconds, Time } from "millrace";
 * const time = new Time(12_345);
 * console.assert(time.floor(Seconds(1)).milliseconds === 12_000);
 * console.assert(time.plus(Seconds(1)).minus(time).milliseconds === 1_000);
 * ```
 */
export class Time {
  /** Since the epoch, as an integer. */
  readonly milliseconds: number;

  /**
   * @param milliseconds an integer, since the epoch
   * @throws MR_BAD_ARGUMENT when it is fractional, NaN or infinite
   */
  constructor(milliseconds: number) {
    this.milliseconds = wholeMilliseconds(milliseconds, "A time");
  }

  /** Whether this is before `that`. */
  less(that: Time): boolean {
    return this.milliseconds < that.milliseconds;
  }

  /** Whether this is before `that` or the same. */
  lessEq(that: Time): boolean {
    return this.milliseconds <= that.milliseconds;
  }

  /** Whether this is after `that`. */
  greater(that: Time): boolean {
    return this.milliseconds > that.milliseconds;
  }

  /** Whether this is after `that` or the same. */
  greaterEq(that: Time): boolean {
    return this.milliseconds >= that.milliseconds;
  }

  /** Whether both are the same instant. */
  equals(that: Time): boolean {
    return this.milliseconds === that.milliseconds;
  }

  /** The time `that` later. */
  plus(that: Duration): Time {
    return new Time(this.milliseconds + that.milliseconds);
  }

  /** The duration since another time, or the time a duration earlier. */
  minus(that: Time): Duration;
  minus(that: Duration): Time;
  minus(that: Time | Duration): Duration | Time {
    const milliseconds = this.milliseconds - that.milliseconds;
    return that instanceof Time ? new Duration(milliseconds) : new Time(milliseconds);
  }

  /** The latest time not after this one that is a multiple of `step` away from `zero` (default: the epoch). */
  floor(step: Duration, zero: Time = epoch): Time {
    const start = zero.milliseconds;
    return new Time(start + Math.floor((this.milliseconds - start) / step.milliseconds) * step.milliseconds);
  }

  /** Whether this time is a multiple of `step` after the epoch. */
  isMultipleOf(step: Duration): boolean {
    return this.milliseconds % step.milliseconds === 0;
  }

  /** The earlier one. */
  min(that: Time): Time {
    return this.less(that) ? this : that;
  }

  /** The later one. */
  max(that: Time): Time {
    return this.greater(that) ? this : that;
  }

  /** The times from this one every `step`, without `end`. Throws MR_BAD_ARGUMENT when `step` is zero. */
  until(end: Time, step: Duration): Time[] {
    return timesBetween(this, end, step, false);
  }

  /** The times from this one every `step`, with `end` when it is met. Throws MR_BAD_ARGUMENT when `step` is zero. */
  to(end: Time, step: Duration): Time[] {
    return timesBetween(this, end, step, true);
  }

  /** `"1000 ms"`. */
  toString(): string {
    return `${this.milliseconds} ms`;
  }

  /** Milliseconds since the epoch. */
  valueOf(): number {
    return this.milliseconds;
  }

  /** Templates read like `toString()`; sums, differences and comparisons are of milliseconds. */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "string" ? this.toString() : this.milliseconds;
  }
}

const epoch = new Time(0);

/** Not a private method: instances with private members cannot be captured by functions that travel. */
function timesBetween(start: Time, end: Time, step: Duration, inclusive: boolean): Time[] {
  if (step.isZero) throw millraceError("MR_BAD_ARGUMENT", "The step between times must not be zero");
  const direction = Math.sign(step.milliseconds);
  const times: Time[] = [];
  for (let at = start.milliseconds; ; at += step.milliseconds) {
    const remaining = (end.milliseconds - at) * direction;
    if (remaining < 0 || (remaining === 0 && !inclusive)) return times;
    times.push(new Time(at));
  }
}
