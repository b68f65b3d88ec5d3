import { Time } from "../../../common/time/index.ts";
import { KeyState, type State } from "../key-state.ts";
import { type BatchTime, isAbsent, SLICE_ENTRIES, type StateRule } from "./rule.ts";

/** What `mapWithState` says of a batch. */
export interface MapWithStateParams extends BatchTime {
  /** `timed`: the function is told the batch time first, and what it answers is emitted unless absent. */
  readonly form: "plain" | "timed";
  /** Whether keys time out at all: every record then refreshes its key. */
  readonly hasTimeout: boolean;
  /** Keys last updated before this time time out in this batch; absent: not in this batch. */
  readonly expireBeforeMs: number | undefined;
}

type MapFunction = (key: unknown, value: unknown, state: State<unknown>) => unknown;
type TimedMapFunction = (time: Time, key: unknown, value: unknown, state: State<unknown>) => unknown;

/** One call per record; only the keys that occur, and those that time out, are looked at. */
export const mapWithState: StateRule<MapWithStateParams> = {
  ordersByTime: ({ hasTimeout }) => hasTimeout,
  keepsKeys: false,

  start(map, [fn], { timeMs, form, hasTimeout, expireBeforeMs }) {
    const emitted: unknown[] = [];
    const state = new KeyState<unknown>();
    const plain = fn as unknown as MapFunction;
    const timed = fn as unknown as TimedMapFunction;
    const time = new Time(timeMs);
    const call = (key: unknown, value: unknown): void => {
      if (form === "plain") {
        emitted.push(plain(key, value, state));
        return;
      }
      const result = timed(time, key, value, state);
      if (!isAbsent(result)) emitted.push(result);
    };

    const accept = (key: unknown, value: unknown): void => {
      const entry = map.find(key);
      if (entry < 0) {
        state.wrap(false, undefined);
        call(key, value);
        if (state.isUpdated) map.insert(key, state.current, timeMs);
        return;
      }
      state.wrap(true, map.stateAt(entry));
      call(key, value);
      if (state.isRemoved) map.remove(entry);
      else if (state.isUpdated || hasTimeout) map.update(entry, state.current, timeMs);
      else if (state.isHandedOut) map.setState(entry, state.current);
    };

    const finish = (): boolean => {
      if (expireBeforeMs === undefined) return true;
      for (let i = 0; i < SLICE_ENTRIES; i++) {
        const entry = map.idleSince(expireBeforeMs);
        if (entry < 0) return true;
        state.wrapTimingOut(map.stateAt(entry));
        call(map.keyAt(entry), undefined);
        map.remove(entry);
      }
      return false;
    };

    return { accept: [accept], finish, emitted };
  },
};
