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
      finish: updates(map, lists, callOf(map, fn, params), params.timeMs),
      emitted: NOTHING,
    };
  },
};

/** What calls the function for an entry of the map, or for a key that is not in it. */
type Call = (entry: number, newKey: unknown, values: unknown[], state: unknown) => unknown;

const NO_ENTRY = -1;

function callOf(map: StateMap, fn: AnyFunction | undefined, { form, timeMs }: UpdateStateParams): Call {
  if (form === "plain") {
    const update = fn as unknown as Update;
    return (_entry, _newKey, values, state) => update(values, state);
  }
  const update = fn as unknown as TimedUpdate;
  const time = new Time(timeMs);
  // Only functions that are told the key have it made.
  return (entry, newKey, values, state) =>
    update(time, entry === NO_ENTRY ? newKey : map.keyAt(entry), values, state);
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
      const result = call(at, undefined, lists.take(at), ownCombined(state));
      if (isAbsent(result)) map.remove(at);
      else if (!Object.is(result, state)) map.update(at, result, timeMs);
    }
    if (at < known) return false;
    const newTo = Math.min(lists.newKeys.length, newAt + SLICE_ENTRIES);
    for (; newAt < newTo; newAt++) {
      const key = lists.newKeys[newAt];
      const result = call(NO_ENTRY, key, lists.newValues[newAt] ?? [], undefined);
      if (!isAbsent(result)) map.insert(key, result, timeMs);
    }
    return newAt === lists.newKeys.length;
  };
}
