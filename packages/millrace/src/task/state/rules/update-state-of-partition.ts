import { millraceError } from "../../../common/errors/index.ts";
import { canonicalKey, type KeyIdentity } from "../../../common/keys/index.ts";
import { ownCombined } from "../../own-combined.ts";
import type { StateMap } from "../state-map.ts";
import { type BatchTime, NOTHING, SLICE_ENTRIES, type StateRule } from "./rule.ts";
import { ValueLists } from "./value-lists.ts";

type Pair = readonly [key: unknown, state: unknown];
type PartitionUpdate = (
  entries: Iterable<[key: unknown, values: unknown[], state: unknown]>,
) => Iterable<Pair>;

/**
 * `updateStateByKey` with a function of a whole partition: it is given every key with its new values and its
 * state, and what it answers is the new state, whatever the keys. Only once it has ended does the map change.
 */
export const updateStateOfPartition: StateRule<BatchTime> = {
  ordersByTime: () => false,
  keepsKeys: true,

  start(map, [fn], { timeMs }) {
    const lists = new ValueLists(map);
    const pairs: Pair[] = [];
    let results: Iterator<Pair> | undefined;
    let listed: readonly unknown[] | undefined;

    const finish = (): boolean => {
      results ??= iteratorOf((fn as unknown as PartitionUpdate)(entries(map, lists)));
      for (let i = 0; i < SLICE_ENTRIES; i++) {
        const { done, value } = results.next();
        if (done === true) {
          if (applyTo(map, pairs, timeMs)) listed = pairs;
          return true;
        }
        if (!Array.isArray(value)) throw millraceError("MR_NOT_A_PAIR", "a [key, state] pair was expected");
        pairs.push(value as unknown as Pair);
      }
      return false;
    };

    return {
      accept: [lists.add],
      finish,
      emitted: NOTHING,
      get listed() {
        return listed;
      },
    };
  },
};

function* entries(map: StateMap, lists: ValueLists): Generator<[unknown, unknown[], unknown]> {
  const count = map.numEntries;
  for (let entry = 0; entry < count; entry++) {
    if (map.isFree(entry)) continue;
    yield [map.keyAt(entry), lists.take(entry), ownCombined(map.stateAt(entry))];
  }
  for (const [i, key] of lists.newKeys.entries()) yield [key, lists.newValues[i] ?? [], undefined];
}

/** The first pair of a key counts for the map. Answers whether there was a second one. */
function applyTo(map: StateMap, pairs: readonly Pair[], timeMs: number): boolean {
  const seen = new Set<KeyIdentity>();
  for (const [key, state] of pairs) {
    const identity = canonicalKey(key);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const entry = map.find(key);
    if (entry < 0) map.insert(key, state, timeMs);
    else if (map.stateAt(entry) !== state) map.update(entry, state, timeMs);
  }
  for (let entry = 0; entry < map.numEntries; entry++) {
    if (!map.isFree(entry) && !seen.has(canonicalKey(map.keyAt(entry)))) map.remove(entry);
  }
  return pairs.length > seen.size;
}

function iteratorOf(returned: Iterable<Pair>): Iterator<Pair> {
  const iterator = (Object(returned) as Partial<Iterable<Pair>>)[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  throw millraceError("MR_BAD_ARGUMENT", "the function of updateStateByKey must return an iterable", {
    hint: "Return an array, an iterator, or write a generator (function*).",
  });
}
