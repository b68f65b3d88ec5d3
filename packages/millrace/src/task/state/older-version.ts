import { canonicalKey, type KeyIdentity } from "../../common/keys/index.ts";
import { type Entry, FREE } from "./entry.ts";
import type { StateMap } from "./state-map.ts";

/** A version that its map has moved past: the map as it is, except for the entries that changed since. */
export class OlderVersion {
  readonly #map: StateMap;
  readonly #version: number;
  #changedByKey: Map<KeyIdentity, number> | undefined;

  constructor(map: StateMap, version: number) {
    this.#map = map;
    this.#version = version;
  }

  /** How many keys there were. */
  get size(): number {
    return this.#map.logsAfter(this.#version)[0]?.sizeBefore ?? this.#map.size;
  }

  /** What an entry held. */
  entryAt(entry: number): Entry {
    const { table, record } = this.#map.heldIn(this.#version, entry);
    return table.entryAt(record);
  }

  /** What a key had, if the map has not changed since it was asked first; `undefined` when it was not there. */
  get(key: unknown): Entry | undefined {
    this.#changedByKey ??= this.#findChanged();
    const before = this.#changedByKey.get(canonicalKey(key));
    if (before !== undefined) return this.entryAt(before);
    const entry = this.#map.find(key);
    // An entry that has the key now and had another one then is among those that changed.
    return entry < 0 || this.#map.hasChangedSince(this.#version, entry)
      ? undefined
      : this.#map.entryAt(entry);
  }

  /** The entries that changed since, by the key they held. */
  #findChanged(): Map<KeyIdentity, number> {
    const changed = new Map<KeyIdentity, number>();
    const seen = new Set<number>();
    for (const { entries, table } of this.#map.logsAfter(this.#version)) {
      for (const [place, entry] of entries.entries()) {
        if (seen.has(entry)) continue;
        seen.add(entry);
        const key = table.keyAt(place);
        if (key !== FREE) changed.set(canonicalKey(key), entry);
      }
    }
    return changed;
  }
}
