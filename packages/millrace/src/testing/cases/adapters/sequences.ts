import { ManualClock } from "../../../common/clock/index.ts";
import { InputInfoTracker } from "../../../streaming/scheduler/input-info-tracker.ts";
import { RecurringTimer } from "../../../streaming/scheduler/recurring-timer.ts";
import { list, numbers, type SequenceAdapter } from "./adapter.ts";

/** A timer of 100 ms: a step answers with the ticks so far, a stop with the last one. */
export const recurringTimer: SequenceAdapter = args => {
  const [periodMs = 0] = numbers(args);
  const clock = new ManualClock();
  const ticks: number[] = [];
  const timer = new RecurringTimer(clock, periodMs, timeMs => ticks.push(timeMs));
  let stopped: Promise<number> | undefined;
  return async (call, stepArgs) => {
    const [value] = list(stepArgs);
    if (call === "stop returns") return stopped;
    if (call.startsWith("stop")) {
      stopped = timer.stop(value === true);
      return call.includes("in another thread") ? "pending" : stopped;
    }
    if (call === "start") timer.start(value === undefined ? undefined : Number(value));
    else clock.advance(Number(value));
    // A time that has come already ticks once the call has returned.
    await undefined;
    return [...ticks];
  };
};

/** What inputs report for batches; an answer maps ids of streams to numbers of records. */
export const inputInfoTracker: SequenceAdapter = () => {
  const tracker = new InputInfoTracker();
  return (call, stepArgs) => {
    const [time, info] = list(stepArgs);
    if (call === "getInfo") {
      return new Map(Array.from(tracker.get(Number(time)), ([id, { numRecords }]) => [id, numRecords]));
    }
    const { id, numRecords } = info as { readonly id: number; readonly numRecords: number };
    return tracker.report(Number(time), { inputStreamId: id, numRecords, metadata: {} });
  };
};
