import { canonicalKey, type KeyIdentity } from "../../../common/keys/index.ts";
import type { StateMap } from "../state-map.ts";

/** The new values of each key of a batch, in the order in which they came. */
export class ValueLists {
  readonly #map: StateMap;
  /** Entry → number of its list + 1. A typed array of zeros costs next to nothing until it is touched. */
  readonly #listOf: Int32Array;
  readonly #lists: unknown[][] = [];
  readonly #newPositions = new Map<KeyIdentity, number>();
  /** Keys that the map does not have. */
  readonly newKeys: unknown[] = [];
  /** Their values, by position. */
  readonly newValues: unknown[][] = [];

  constructor(map: StateMap) {
    this.#map = map;
    this.#listOf = new Int32Array(map.numEntries);
  }

  /** Adds one pair. The map must not change meanwhile. */
  readonly add = (key: unknown, value: unknown): void => {
    const entry = this.#map.find(key);
    if (entry < 0) {
      this.#addNew(key, value);
      return;
    }
    const list = this.#listOf[entry] as number;
    if (list === 0) this.#listOf[entry] = this.#lists.push([value]);
    else this.#lists[list - 1]?.push(value);
  };

  /** The values of a key of the map; a list of its own, also when it is empty. */
  take(entry: number): unknown[] {
    const list = this.#listOf[entry] as number;
    return list === 0 ? [] : (this.#lists[list - 1] as unknown[]);
  }

  #addNew(key: unknown, value: unknown): void {
    const identity = canonicalKey(key);
    const position = this.#newPositions.get(identity);
    if (position !== undefined) {
      this.newValues[position]?.push(value);
      return;
    }
    this.#newPositions.set(identity, this.newKeys.length);
    this.newKeys.push(key);
    this.newValues.push([value]);
  }
}
