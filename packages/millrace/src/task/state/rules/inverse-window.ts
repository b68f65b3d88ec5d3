import { millraceError } from "../../../common/errors/index.ts";
import { canonicalKey, type KeyIdentity } from "../../../common/keys/index.ts";
import { ownCombined } from "../../own-combined.ts";
import { type BatchTime, NOTHING, SLICE_ENTRIES, type StateRule } from "./rule.ts";

type Reduce = (a: unknown, b: unknown) => unknown;
type Filter = (pair: [key: unknown, value: unknown]) => boolean;

/**
 * A window reduced from the last one: what left is taken out, what came is added. Inputs: the values leaving,
 * the values entering, each key at most once in each. Keys that neither leave nor enter are not looked at.
 */
export const inverseWindow: StateRule<BatchTime> = {
  ordersByTime: () => false,
  keepsKeys: true,

  start(map, functions, { timeMs }) {
    const reduce = functions[0] as unknown as Reduce;
    const inverse = functions[1] as unknown as Reduce;
    const filter = functions[2] as unknown as Filter | undefined;
    const touched: number[] = [];
    /** Keys that leave a window which has no value of them. */
    const orphans = new Set<KeyIdentity>();
    let checked = 0;

    const leave = (key: unknown, value: unknown): void => {
      const entry = map.find(key);
      if (entry < 0) {
        orphans.add(canonicalKey(key));
        return;
      }
      map.update(entry, inverse(ownCombined(map.stateAt(entry)), value), timeMs);
      touched.push(entry);
    };

    const enter = (key: unknown, value: unknown): void => {
      if (orphans.size > 0) orphans.delete(canonicalKey(key));
      const entry = map.find(key);
      if (entry < 0) {
        touched.push(map.insert(key, value, timeMs));
        return;
      }
      map.update(entry, reduce(ownCombined(map.stateAt(entry)), value), timeMs);
      touched.push(entry);
    };

    const finish = (): boolean => {
      if (orphans.size > 0) {
        throw millraceError(
          "MR_WINDOW_INVERSE",
          "Neither previous window has value for key, nor new values found. Are you sure your key class hashes consistently?",
        );
      }
      if (filter === undefined) return true;
      const to = Math.min(touched.length, checked + SLICE_ENTRIES);
      for (; checked < to; checked++) {
        const entry = touched[checked] as number;
        if (map.isFree(entry)) continue;
        if (!filter([map.keyAt(entry), map.stateAt(entry)])) map.remove(entry);
      }
      return checked === touched.length;
    };

    return { accept: [leave, enter], finish, emitted: NOTHING };
  },
};
