import type { AnyFunction } from "../../../closure/index.ts";
import { Time } from "../../../common/time/index.ts";
import { ownCombined } from "../../own-combined.ts";
import type { StateMap } from "../state-map.ts";
import {
  type BatchTime,
  isAbsent,
  NOTHING,
  SLICE_ENTRIES,
  type StateRule,
  type StateUpdate,
} from "./rule.ts";
import { ValueLists } from "./value-lists.ts";

/** What `updateStateByKey` says of a batch. */
export interface UpdateStateParams extends BatchTime {
  /** `timed`: the function is told the batch time and the key first. */
  readonly form: "plain" | "timed";
}

type Update = (values: unknown[], state: unknown) => unknown;
type TimedUpdate = (time: Time, key: unknown, values: unknown[], state: unknown) => unknown;

/**
 * One call for every key there is, with its new values, of which there may be none. That is the contract, so a
 * batch costs all keys; what is written down to undo it, and saved, are those whose state became another.
 */
export const updateStateByKey: StateRule<UpdateStateParams> = {
  ordersByTime: () => false,
  keepsKeys: true,

  start(map, [fn], params) {
    const lists = new ValueLists(map);
    return {
      accept: [lists.add],
      finish: updates(map, lists, callOf(fn, params), params.timeMs),
      emitted: NOTHING,
    };
  },
};

type Call = (key: unknown, values: unknown[], state: unknown) => unknown;

function callOf(fn: AnyFunction | undefined, { form, timeMs }: UpdateStateParams): Call {
  if (form === "plain") {
    const update = fn as unknown as Update;
    return (_, values, state) => update(values, state);
  }
  const update = fn as unknown as TimedUpdate;
  const time = new Time(timeMs);
  return (key, values, state) => update(time, key, values, state);
}

function updates(map: StateMap, lists: ValueLists, call: Call, timeMs: number): StateUpdate["finish"] {
  // New keys may be added behind these entries or into free ones before them: their turn comes afterwards.
  const known = map.numEntries;
  let at = 0;
  let newAt = 0;
  return () => {
    const to = Math.min(known, at + SLICE_ENTRIES);
    for (; at < to; at++) {
      if (map.isFree(at)) continue;
      const state = map.stateAt(at);
      const result = call(map.keyAt(at), lists.take(at), ownCombined(state));
      if (isAbsent(result)) map.remove(at);
      else if (result !== state) map.update(at, result, timeMs);
    }
    if (at < known) return false;
    const newTo = Math.min(lists.newKeys.length, newAt + SLICE_ENTRIES);
    for (; newAt < newTo; newAt++) {
      const key = lists.newKeys[newAt];
      const result = call(key, lists.newValues[newAt] ?? [], undefined);
      if (!isAbsent(result)) map.insert(key, result, timeMs);
    }
    return newAt === lists.newKeys.length;
  };
}
