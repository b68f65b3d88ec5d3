import { Duration, Milliseconds, Minutes, Seconds, Time } from "../../../common/time/index.ts";
import { numbers, type UnitAdapter } from "./adapter.ts";

const comparisons = ["less", "lessEq", "greater", "greaterEq", "equals", "min", "max"] as const;

/** Adapts a function of numbers, of which absent ones are `NaN`. */
function ofNumbers(f: (a: number, b: number, c: number) => unknown): UnitAdapter {
  return args => {
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = numbers(args);
    return f(a, b, c);
  };
}

function duration(ms: number): Duration {
  return new Duration(ms);
}

function time(ms: number): Time {
  return new Time(ms);
}

/** `Duration`, `Time` and the functions that make durations. */
export const timeAdapters: Readonly<Record<string, UnitAdapter>> = {
  Milliseconds: ofNumbers(Milliseconds),
  Seconds: ofNumbers(Seconds),
  Minutes: ofNumbers(Minutes),

  ...Object.fromEntries(
    comparisons.flatMap(name => [
      [`Duration.${name}`, ofNumbers((a, b) => duration(a)[name](duration(b)))],
      [`Time.${name}`, ofNumbers((a, b) => time(a)[name](time(b)))],
    ]),
  ),
  "Duration.plus": ofNumbers((a, b) => duration(a).plus(duration(b))),
  "Duration.minus": ofNumbers((a, b) => duration(a).minus(duration(b))),
  "Duration.times": ofNumbers((a, b) => duration(a).times(b)),
  "Duration.div": ofNumbers((a, b) => duration(a).div(duration(b))),
  "Duration.isMultipleOf": ofNumbers((a, b) => duration(a).isMultipleOf(duration(b))),
  "Duration.isZero": ofNumbers(a => duration(a).isZero),
  "Duration.prettyPrint": ofNumbers(a => duration(a).prettyPrint()),
  "Duration.toFormattedString": ofNumbers(a => duration(a).toFormattedString()),
  "Duration.toString": ofNumbers(a => duration(a).toString()),

  "Time.plus": ofNumbers((a, b) => time(a).plus(duration(b))),
  "Time.plus(Duration)": ofNumbers((a, b) => time(a).plus(duration(b))),
  "Time.minus(Time)": ofNumbers((a, b) => time(a).minus(time(b))),
  "Time.minus(Duration)": ofNumbers((a, b) => time(a).minus(duration(b))),
  "Time.isMultipleOf": ofNumbers((a, b) => time(a).isMultipleOf(duration(b))),
  "Time.floor": ofNumbers((a, b, zero) =>
    Number.isNaN(zero) ? time(a).floor(duration(b)) : time(a).floor(duration(b), time(zero)),
  ),
  "Time.until": ofNumbers((a, b, step) => time(a).until(time(b), duration(step))),
  "Time.to": ofNumbers((a, b, step) => time(a).to(time(b), duration(step))),
  "Time.toString": ofNumbers(a => time(a).toString()),
};
