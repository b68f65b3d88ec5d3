import { Duration, Interval, Time } from "../common/time/index.ts";
import { registerHandleKind } from "./handles.ts";

/**
 * Times and durations are Millrace's own on both sides: were their class copied like a user's, `instanceof`
 * would not know them there.
 */
export function registerOwnValues(): void {
  registerHandleKind<Duration, number>("duration", {
    isInstance: value => value instanceof Duration,
    toData: duration => duration.milliseconds,
    revive: milliseconds => new Duration(milliseconds),
  });
  registerHandleKind<Time, number>("time", {
    isInstance: value => value instanceof Time,
    toData: time => time.milliseconds,
    revive: milliseconds => new Time(milliseconds),
  });
  registerHandleKind<Interval, readonly [number, number]>("interval", {
    isInstance: value => value instanceof Interval,
    toData: ({ beginTime, endTime }) => [beginTime.milliseconds, endTime.milliseconds],
    revive: ([begin, end]) => new Interval(new Time(begin), new Time(end)),
  });
}
