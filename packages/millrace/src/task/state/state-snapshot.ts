import { millraceError } from "../../common/errors/index.ts";
import type { SnapshotPart, SnapshotSlice } from "../../plan/index.ts";
import { decodeColumns, encodeColumns } from "../codec/columns.ts";
import { EntryColumns } from "./entry-columns.ts";
import type { StateMap } from "./state-map.ts";
import type { StateVersion } from "./state-store.ts";
import { TouchedEntries } from "./touched-entries.ts";

/*
 * Layout of a snapshot: pieces one behind the other, each of what one slice has and a multiple of eight bytes. Little endian:
 *   u32 format (2), u32 bytes of the entries, u32 bytes of the keys removed, u32 0,
 *   the entries as three columns (keys, states, times), the keys removed as one column. Columns as in shuffle blocks.
 */
const FORMAT = 2;
const HEADER_BYTES = 16;
const ALIGNMENT = 8;

/** A version of one partition of a state as bytes: all of it, or what became of it since an earlier version. */
export interface StateSnapshot {
  /** `base`: stands on its own. `delta`: to be put on top of the snapshots up to the version asked for. */
  readonly kind: "base" | "delta";
  readonly bytes: Uint8Array;
  /** Keys the version has. */
  readonly numKeys: number;
  /** Entries and removed keys in `bytes`. */
  readonly numChanges: number;
  /** The name of a class of the program that states are instances of: as bytes they are plain objects. */
  readonly className: string | undefined;
  /** Whether no slice follows. The bytes of all slices, one behind the other, are those of the whole. */
  readonly isLast: boolean;
}

/** What of a version to export; default: all entries. */
export interface SnapshotExtent {
  readonly part?: SnapshotPart | undefined;
  readonly slice?: SnapshotSlice | undefined;
}

/** What became of a version since an earlier one. */
interface Change {
  readonly earlier: StateVersion | undefined;
  readonly touched: TouchedEntries;
}

const NOTHING_CHANGED: Change = { earlier: undefined, touched: new TouchedEntries([], 0) };

/** The whole of a version. */
export function exportBase(version: StateVersion, slice?: SnapshotSlice): StateSnapshot {
  return exportEntries("base", version, NOTHING_CHANGED, { index: 0, of: 1 }, slice);
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
  { part, slice }: SnapshotExtent = {},
): StateSnapshot {
  const change = changeSince(later, earlier);
  if (change === undefined || (part !== undefined && later.map.numEntries <= SMALL_MAP)) {
    return exportBase(later, slice);
  }
  const snapshot = exportEntries("delta", later, change, part, slice);
  if (snapshot.isLast) changeOf.delete(later);
  return snapshot;
}

/** The change of a version that is being saved: every slice looks at it. */
const changeOf = new WeakMap<StateVersion, Change>();

function changeSince(later: StateVersion, earlier: StateVersion | undefined): Change | undefined {
  const { map, version } = later;
  if (earlier === undefined || earlier.map !== map) return undefined;
  const known = changeOf.get(later);
  if (known?.earlier === earlier) return known;
  const logs = map.touchedBetween(earlier.version, version);
  if (logs === undefined) return undefined;
  const change = { earlier, touched: new TouchedEntries(logs, map.numEntries) };
  changeOf.set(later, change);
  return change;
}

const WHOLE: SnapshotSlice = { from: 0, length: Number.POSITIVE_INFINITY };

/**
 * Entries have positions: first those that were touched, then those of the part, by number. They stay while the map
 * moves on, where entries are only added behind them: so slices fit together that are exported one after the other.
 * The keys removed are in the first.
 */
function exportEntries(
  kind: StateSnapshot["kind"],
  exported: StateVersion,
  { earlier, touched }: Change,
  part: SnapshotPart | undefined,
  { from, length }: SnapshotSlice = WHOLE,
): StateSnapshot {
  const { map, version } = exported;
  const columns = new EntryColumns(exported);
  const end = from + length;
  for (const entry of touched.entries.slice(from, end)) columns.add(entry);
  const removed = from === 0 && earlier !== undefined ? removedKeys(exported, earlier, touched) : [];
  let position = touched.entries.length;
  if (part !== undefined) {
    const before = Math.max(0, from - position);
    position += before;
    for (let i = before; position < end; i++, position++) {
      const entry = entryOf(part, i);
      if (entry >= map.numEntries) break;
      if (!touched.has(entry)) columns.add(entry);
    }
  }
  return {
    kind,
    bytes: encodePiece(columns, removed),
    numKeys: map.isOlder(version) ? map.older(version).size : map.size,
    numChanges: columns.count + removed.length,
    className: columns.className,
    isLast: position < end,
  };
}

/** So many entries in a row are in the same part: they lie side by side in memory. */
const PART_ROW = 256;

/** Entry `i` of a part. A map grows at its end only, so an entry stays in its part. */
function entryOf({ index, of }: SnapshotPart, i: number): number {
  const row = Math.floor(i / PART_ROW);
  return (row * of + index) * PART_ROW + (i % PART_ROW);
}

/** Keys of the earlier version that are not there any more. */
function removedKeys(
  { map, version }: StateVersion,
  earlier: StateVersion,
  { entries }: TouchedEntries,
): readonly unknown[] {
  const removed: unknown[] = [];
  const older = map.isOlder(version) ? map.older(version) : undefined;
  const logs = map.touchedBetween(earlier.version, version) ?? [];
  if (logs.every(({ numVacated }) => numVacated === 0)) return removed;
  for (const entry of entries) {
    const before = map.heldIn(earlier.version, entry);
    if (before.table.isFree(before.record)) continue;
    const now = map.heldIn(version, entry);
    if (now.table.hasKeyOf(now.record, before.table, before.record)) continue;
    const key = before.table.keyAt(before.record);
    // It may be in another entry.
    const isThere = older === undefined ? map.find(key) >= 0 : older.get(key) !== undefined;
    if (!isThere) removed.push(key);
  }
  return removed;
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
    for (const piece of decode(bytes)) this.#addPiece(piece);
  }

  #addPiece({ keys, states, times, removed }: SnapshotPiece): void {
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

function encodePiece({ keys, states, times }: EntryColumns, removed: readonly unknown[]): Uint8Array {
  const entries = encodeColumns([keys, states, times]);
  const gone = encodeColumns([removed]);
  const length = HEADER_BYTES + entries.length + gone.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FORMAT, true);
  view.setUint32(4, entries.length, true);
  view.setUint32(8, gone.length, true);
  bytes.set(entries, HEADER_BYTES);
  bytes.set(gone, HEADER_BYTES + entries.length);
  return bytes;
}

interface SnapshotPiece {
  readonly keys: readonly unknown[];
  readonly states: readonly unknown[];
  readonly times: readonly unknown[];
  readonly removed: readonly unknown[];
}

function* decode(bytes: Uint8Array): Generator<SnapshotPiece> {
  // Columns are read in place, as numbers of up to eight bytes: what comes from a file may lie anywhere.
  const whole = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  let at = 0;
  do {
    if (whole.length < at + HEADER_BYTES) throw damaged("is too short");
    const format = view.getUint32(at, true);
    if (format !== FORMAT) throw damaged(`has the unknown format ${format}`);
    const entriesAt = at + HEADER_BYTES;
    const removedAt = entriesAt + view.getUint32(at + 4, true);
    const end = removedAt + view.getUint32(at + 8, true);
    if (end > whole.length) throw damaged("is cut off");
    const [keys = [], states = [], times = []] = decodeColumns(whole.subarray(entriesAt, removedAt));
    const [removed = []] = decodeColumns(whole.subarray(removedAt, end));
    yield { keys, states, times, removed };
    at = end;
  } while (at < whole.length);
}

function damaged(how: string) {
  return millraceError("MR_INTERNAL", `a snapshot of a state ${how}`);
}
