import { canonicalKey, type KeyIdentity } from "../../common/keys/index.ts";
import { type Entry, FREE } from "./entry.ts";
import type { StateMap } from "./state-map.ts";

/** A version that its map has moved past: the map as it is, except for the entries that changed since. */
export class OlderVersion {
  readonly #map: StateMap;
  readonly #changed: ReadonlyMap<number, Entry>;
  #changedByKey: Map<KeyIdentity, Entry> | undefined;

  /** `changed`: what entries held in this version that hold something else now. */
  constructor(map: StateMap, changed: ReadonlyMap<number, Entry>) {
    this.#map = map;
    this.#changed = changed;
  }

  /** How many keys there were. */
  get size(): number {
    let { size } = this.#map;
    for (const [entry, { key }] of this.#changed) {
      if (key !== FREE) size += 1;
      if (this.#map.entryAt(entry).key !== FREE) size -= 1;
    }
    return size;
  }

  /** What an entry held. */
  entryAt(entry: number): Entry {
    return this.#changed.get(entry) ?? this.#map.entryAt(entry);
  }

  /** What a key had; `undefined` when it was not there. */
  get(key: unknown): Entry | undefined {
    const before = this.#byKey.get(canonicalKey(key));
    if (before !== undefined) return before;
    const entry = this.#map.find(key);
    return entry < 0 || this.#changed.has(entry) ? undefined : this.#map.entryAt(entry);
  }

  get #byKey(): Map<KeyIdentity, Entry> {
    if (this.#changedByKey === undefined) {
      this.#changedByKey = new Map();
      for (const entry of this.#changed.values()) {
        if (entry.key !== FREE) this.#changedByKey.set(canonicalKey(entry.key), entry);
      }
    }
    return this.#changedByKey;
  }
}
