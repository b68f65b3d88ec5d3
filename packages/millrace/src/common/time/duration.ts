import { millraceError } from "../errors/index.ts";
import { parseTimeString } from "./time-string.ts";
import { wholeMilliseconds } from "./whole-milliseconds.ts";

/**
 * A length of time in whole milliseconds; immutable. Batch intervals, windows and slides are durations.
 *
 * ```ts
 * import { Duration, Seconds } from "millrace";
 * const window = Seconds(30);
 * console.assert(window.isMultipleOf(new Duration(10_000)));
 * console.assert(window.toString() === "30000 ms");
 * ```
 */
export class Duration {
  /** The whole length, as an integer. */
  readonly milliseconds: number;

  /**
   * @param milliseconds an integer, may be negative
   * @throws MR_BAD_ARGUMENT when it is fractional, NaN or infinite
   */
  constructor(milliseconds: number) {
    this.milliseconds = wholeMilliseconds(milliseconds, "A duration");
  }

  /** Whether this is shorter than `that`. */
  less(that: Duration): boolean {
    return this.milliseconds < that.milliseconds;
  }

  /** Whether this is no longer than `that`. */
  lessEq(that: Duration): boolean {
    return this.milliseconds <= that.milliseconds;
  }

  /** Whether this is longer than `that`. */
  greater(that: Duration): boolean {
    return this.milliseconds > that.milliseconds;
  }

  /** Whether this is no shorter than `that`. */
  greaterEq(that: Duration): boolean {
    return this.milliseconds >= that.milliseconds;
  }

  /** Whether both are equally long. */
  equals(that: Duration): boolean {
    return this.milliseconds === that.milliseconds;
  }

  /** Both together. */
  plus(that: Duration): Duration {
    return new Duration(this.milliseconds + that.milliseconds);
  }

  /** What is left without `that`; may be negative. */
  minus(that: Duration): Duration {
    return new Duration(this.milliseconds - that.milliseconds);
  }

  /** This duration `factor` times; the product must be whole (MR_BAD_ARGUMENT). */
  times(factor: number): Duration {
    return new Duration(this.milliseconds * factor);
  }

  /** How often `that` fits into this duration, as a real number. */
  div(that: Duration): number {
    return this.milliseconds / that.milliseconds;
  }

  /** Whether `that` fits into this duration without remainder. */
  isMultipleOf(that: Duration): boolean {
    return this.milliseconds % that.milliseconds === 0;
  }

  /** The shorter one. */
  min(that: Duration): Duration {
    return this.less(that) ? this : that;
  }

  /** The longer one. */
  max(that: Duration): Duration {
    return this.greater(that) ? this : that;
  }

  /** Whether this is no time at all. */
  get isZero(): boolean {
    return this.milliseconds === 0;
  }

  /** `"200 ms"`. */
  toString(): string {
    return `${this.milliseconds} ms`;
  }

  /** The digits only: `"200"`. */
  toFormattedString(): string {
    return String(this.milliseconds);
  }

  /** For people: `"200 ms"`, `"1.5 s"`, `"1.1 m"`, `"10.02 h"`. */
  prettyPrint(): string {
    const ms = this.milliseconds;
    if (ms < 1_000) return `${ms} ms`;
    if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
    if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} m`;
    return `${(ms / 3_600_000).toFixed(2)} h`;
  }

  /** Milliseconds. */
  valueOf(): number {
    return this.milliseconds;
  }

  /** So that `"at " + duration` reads like `toString()` while `<` and `-` compare milliseconds. */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? this.milliseconds : this.toString();
  }
}

/** Wherever a duration is wanted: a `Duration`, milliseconds, or a text such as `"10s"`, `"200ms"`, `"1min"`. */
export type DurationLike = Duration | number | string;

/**
 * Makes a `Duration` of what a user may write for one.
 *
 * @throws MR_CONF_BAD_NUMBER when a text is no time, MR_BAD_ARGUMENT when it is no whole number of milliseconds
 */
export function toDuration(value: DurationLike): Duration {
  if (value instanceof Duration) return value;
  if (typeof value === "number") return new Duration(value);
  if (typeof value === "string") return new Duration(parseTimeString(value, "ms") / 1_000);
  throw millraceError("MR_BAD_ARGUMENT", `A duration is expected, but this is ${describe(value)}`, {
    hint: 'Write Seconds(1), a number of milliseconds, or a text such as "10s".',
  });
}

// Reached from JavaScript, or past a cast.
function describe(value: never): string {
  return value === null ? "null" : typeof value;
}

/**
 * `n` milliseconds.
 *
 * ```ts
 * import { Milliseconds } from "millrace";
 * console.assert(Milliseconds(200).prettyPrint() === "200 ms");
 * ```
 *
 * @throws MR_BAD_ARGUMENT when `n` is no integer
 */
export function Milliseconds(n: number): Duration {
  return new Duration(n);
}

/**
 * `n` seconds; fractions are fine as long as the milliseconds are whole.
 *
 * ```ts
 * import { Seconds } from "millrace";
 * console.assert(Seconds(1).milliseconds === 1000);
 * ```
 *
 * @throws MR_BAD_ARGUMENT when it is no whole number of milliseconds
 */
export function Seconds(n: number): Duration {
  return new Duration(n * 1_000);
}

/**
 * `n` minutes; fractions are fine as long as the milliseconds are whole.
 *
 * ```ts
 * import { Minutes, Seconds } from "millrace";
 * console.assert(Minutes(5).div(Seconds(60)) === 5);
 * ```
 *
 * @throws MR_BAD_ARGUMENT when it is no whole number of milliseconds
 */
export function Minutes(n: number): Duration {
  return new Duration(n * 60_000);
}

/**
 * The factories under the names Java programs use.
 *
 * ```ts
 * import { Durations, Seconds } from "millrace";
 * console.assert(Durations.seconds(10).equals(Seconds(10)));
 * ```
 */
export const Durations = {
  milliseconds: Milliseconds,
  seconds: Seconds,
  minutes: Minutes,
} as const;
