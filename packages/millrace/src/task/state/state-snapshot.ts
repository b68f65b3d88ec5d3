import { millraceError } from "../../common/errors/index.ts";
import { canonicalKey, type KeyIdentity } from "../../common/keys/index.ts";
import type { SnapshotPart } from "../../plan/index.ts";
import { decodeColumns, encodeColumns } from "../codec/columns.ts";
import { FREE } from "./entry.ts";
import type { OlderVersion } from "./older-version.ts";
import type { StateMap } from "./state-map.ts";
import type { StateVersion } from "./state-store.ts";

/*
 * Layout of a snapshot, little endian:
 *   u32 format (1), u32 bytes of the entries, the entries as three columns (keys, states, times),
 *   the keys removed as one column. Columns as in shuffle blocks.
 */
const FORMAT = 1;
const HEADER_BYTES = 8;

/** A version of one partition of a state as bytes: all of it, or what became of it since an earlier version. */
export interface StateSnapshot {
  /** `base`: stands on its own. `delta`: to be put on top of the snapshots up to the version asked for. */
  readonly kind: "base" | "delta";
  readonly bytes: Uint8Array;
  /** Keys the version has; with the number of entries of a delta this tells when a new base pays off. */
  readonly numKeys: number;
  /** Entries and removed keys in `bytes`. */
  readonly numChanges: number;
}

/** The whole of a version. */
export function exportBase({ map, version }: StateVersion): StateSnapshot {
  const columns = new EntryColumns(map, map.isOlder(version) ? map.older(version) : undefined);
  for (let entry = 0; entry < map.numEntries; entry++) columns.add(entry);
  const { count } = columns;
  return { kind: "base", bytes: columns.encode([]), numKeys: count, numChanges: count };
}

/** A map of no more keys is written whole: the parts of a larger one are of this size or more. */
const SMALL_MAP = 1024;

/**
 * What changed in a version since an earlier one of the same map, and a part of the rest: the cost is in the
 * entries that changed. The whole version when that is not known any more, or when it is small.
 */
export function exportSince(
  later: StateVersion,
  earlier: StateVersion | undefined,
  part?: SnapshotPart,
): StateSnapshot {
  const { map, version } = later;
  const logs =
    earlier === undefined || earlier.map !== map ? undefined : map.touchedBetween(earlier.version, version);
  if (logs === undefined || (part !== undefined && map.numEntries <= SMALL_MAP)) return exportBase(later);
  const older = map.isOlder(version) ? map.older(version) : undefined;
  const columns = new EntryColumns(map, older);
  const removed = new Map<KeyIdentity, unknown>();
  const seen = new Uint8Array(map.numEntries);
  for (const { entries, keys } of logs) {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as number;
      if (seen[entry] === 0) {
        seen[entry] = 1;
        columns.add(entry);
      }
      // The key was in this entry once: it may have gone, or have come back to another entry.
      const before = keys[i];
      if (before === FREE || before === columns.keyOf(entry)) continue;
      const isThere = older === undefined ? map.find(before) >= 0 : older.get(before) !== undefined;
      if (!isThere) removed.set(canonicalKey(before), before);
    }
  }
  if (part !== undefined) {
    for (let entry = part.index; entry < map.numEntries; entry += part.of) {
      if (seen[entry] === 0) columns.add(entry);
    }
  }
  return {
    kind: "delta",
    bytes: columns.encode([...removed.values()]),
    numKeys: older === undefined ? map.size : older.size,
    numChanges: columns.count + removed.size,
  };
}

/** A map with the content of a base and the deltas on top of it, the oldest first. */
export class SnapshotLoader {
  readonly #map: StateMap;

  /** `map` must be empty, with a version open. */
  constructor(map: StateMap) {
    this.#map = map;
  }

  /** Puts one more snapshot on top. */
  add(bytes: unknown): void {
    if (!(bytes instanceof Uint8Array)) throw damaged("is no bytes");
    const { keys, states, times, removed } = decode(bytes);
    const map = this.#map;
    for (const key of removed) {
      const entry = map.find(key);
      if (entry >= 0) map.remove(entry);
    }
    for (let i = 0; i < keys.length; i++) {
      const entry = map.find(keys[i]);
      if (entry < 0) map.insert(keys[i], states[i], times[i] as number);
      else map.update(entry, states[i], times[i] as number);
    }
  }
}

/** Entries of a version as columns: of the map as it is, or of one that the map has moved past. */
class EntryColumns {
  readonly #map: StateMap;
  readonly #older: OlderVersion | undefined;
  readonly #keys: unknown[] = [];
  readonly #states: unknown[] = [];
  readonly #times: number[] = [];

  constructor(map: StateMap, older: OlderVersion | undefined) {
    this.#map = map;
    this.#older = older;
  }

  get count(): number {
    return this.#keys.length;
  }

  /** Adds an entry, if it holds something. */
  add(entry: number): void {
    const older = this.#older?.entryAt(entry);
    const key = older === undefined ? this.#map.keys[entry] : older.key;
    if (key === FREE) return;
    this.#keys.push(key);
    this.#states.push(older === undefined ? this.#map.states[entry] : older.state);
    this.#times.push(older === undefined ? this.#map.timeOf(entry) : older.timeMs);
  }

  keyOf(entry: number): unknown {
    return this.#older === undefined ? this.#map.keys[entry] : this.#older.entryAt(entry).key;
  }

  encode(removed: readonly unknown[]): Uint8Array {
    const entries = encodeColumns([this.#keys, this.#states, this.#times]);
    const gone = encodeColumns([removed]);
    const bytes = new Uint8Array(new SharedArrayBuffer(HEADER_BYTES + entries.length + gone.length));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, FORMAT, true);
    view.setUint32(4, entries.length, true);
    bytes.set(entries, HEADER_BYTES);
    bytes.set(gone, HEADER_BYTES + entries.length);
    return bytes;
  }
}

function decode(bytes: Uint8Array) {
  // Columns are read in place, as numbers of up to eight bytes: what comes from a file may lie anywhere.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  if (whole.length < HEADER_BYTES) throw damaged("is too short");
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  if (view.getUint32(0, true) !== FORMAT) throw damaged(`has the unknown format ${view.getUint32(0, true)}`);
  const end = HEADER_BYTES + view.getUint32(4, true);
  if (end > whole.length) throw damaged("is cut off");
  const [keys = [], states = [], times = []] = decodeColumns(whole.subarray(HEADER_BYTES, end));
  const [removed = []] = decodeColumns(whole.subarray(end));
  return { keys, states, times, removed };
}

function damaged(how: string) {
  return millraceError("MR_INTERNAL", `a snapshot of a state ${how}`);
}
