export {
  Duration,
  type DurationLike,
  Durations,
  Milliseconds,
  Minutes,
  Seconds,
  toDuration,
} from "./duration.ts";
export { Interval } from "./interval.ts";
export { Time } from "./time.ts";
export { parseTimeStringAs, type TimeUnit } from "./time-string.ts";
