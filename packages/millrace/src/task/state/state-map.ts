import { millraceError } from "../../common/errors/index.ts";
import { type Entry, FREE } from "./entry.ts";
import { EntryTable } from "./entry-table.ts";
import { IdleOrder } from "./idle-order.ts";
import { KeyIndex } from "./key-index.ts";
import { OlderVersion } from "./older-version.ts";
import { PackedKey } from "./packed-key.ts";
import { SpareTables } from "./spare-tables.ts";
import { UndoLog } from "./undo-log.ts";

/** How a map is set up. */
export interface StateMapOptions {
  /** Start of the hashes of keys. */
  readonly seed: number;
  /** Whether idle keys will be asked for: keeps them in the order of their last update. */
  readonly ordersByTime: boolean;
  /** Whether all keys will be asked for in most versions: keeps them as they are instead of making them anew. */
  readonly keepsKeys: boolean;
}

/** Where the key and state that an entry had in a version are found: in the map's table, or in a log's. */
export interface Held {
  readonly table: EntryTable;
  readonly record: number;
}

/**
 * The keyed state of one partition: key → state and the time of its last update. Keys compare by value.
 *
 * There is one map, which moves from version to version; nothing is copied. `begin` opens the next version,
 * `commit` closes it, `rollback` takes back what was done since `begin`. What a version changed is written down
 * once per entry, so versions that are retained stay readable behind the newest one, at a cost in the entries
 * that changed since. States are kept by reference: whoever lets a program change one in place hands out a copy.
 */
export class StateMap {
  readonly #options: StateMapOptions;
  readonly #index = new KeyIndex();
  /** Entry e is record e. */
  readonly #table = new EntryTable();
  /** The key that is looked for at the moment. */
  readonly #packed: PackedKey;
  #free: number[] = [];
  readonly #idle: IdleOrder | undefined;
  /** By version: what it changed. */
  readonly #logs = new Map<number, UndoLog>();
  readonly #spares = new SpareTables();
  readonly #retained = new Map<number, number>();
  #version = 0;
  #open: UndoLog | undefined;

  constructor(options: StateMapOptions) {
    this.#options = options;
    this.#packed = new PackedKey(options.seed, options.keepsKeys);
    this.#idle = options.ordersByTime ? new IdleOrder() : undefined;
  }

  /** The newest version that was committed; 0 for the empty map. */
  get version(): number {
    return this.#version;
  }

  /** How many keys there are now. */
  get size(): number {
    return this.#index.size;
  }

  /** Entries are numbers below this; some of them may be free. */
  get numEntries(): number {
    return this.#table.length;
  }

  /** Whether some entries hold nothing. */
  get hasGaps(): boolean {
    return this.size < this.numEntries;
  }

  /** The key of an entry, `FREE` where there is none. */
  keyAt(entry: number): unknown {
    return this.#table.keyAt(entry);
  }

  /** The state of an entry. */
  stateAt(entry: number): unknown {
    return this.#table.stateAt(entry);
  }

  /** When an entry was last updated, in milliseconds. */
  timeOf(entry: number): number {
    return this.#table.timeOf(entry);
  }

  /** Whether an entry holds nothing. */
  isFree(entry: number): boolean {
    return this.#table.isFree(entry);
  }

  /**
   * The entry of a key, or -1.
   * @throws MR_KEY_UNSUPPORTED
   */
  find(key: unknown): number {
    this.#packed.pack(key);
    return this.#index.find(this.#packed, this.#table);
  }

  /** Opens the next version. */
  begin(): void {
    if (this.#open !== undefined) throw millraceError("MR_INTERNAL", "a version of a state is open already");
    this.#open = new UndoLog(this.size, this.#spares.take());
  }

  /** Closes the open version and answers its number; it is retained once. */
  commit(): number {
    const log = this.#opened();
    this.#open = undefined;
    this.#version += 1;
    this.#logs.set(this.#version, log);
    this.retain(this.#version);
    return this.#version;
  }

  /** Takes back everything since `begin`. */
  rollback(): void {
    const log = this.#opened();
    this.#open = undefined;
    const table = this.#table;
    for (const entry of log.entries) this.#vacate(entry);
    for (const [place, entry] of log.entries.entries()) {
      table.copy(entry, log.table, place);
      if (table.isFree(entry)) continue;
      table.packKey(entry, this.#packed);
      this.#index.add(this.#packed.hash, entry);
    }
    this.#free = [];
    for (let entry = 0; entry < table.length; entry++) if (table.isFree(entry)) this.#free.push(entry);
    this.sortByTime();
    this.#spares.give(log.table);
  }

  /** Adds a key that is not there; answers its entry. */
  insert(key: unknown, state: unknown, timeMs: number): number {
    const table = this.#table;
    const entry = this.#free.pop() ?? table.append();
    this.#note(entry);
    this.#packed.pack(key);
    table.setKey(entry, this.#packed);
    table.setState(entry, state);
    table.setTime(entry, timeMs);
    this.#index.add(this.#packed.hash, entry);
    this.#idle?.append(entry);
    return entry;
  }

  /** Gives an entry another state, leaving its time. */
  setState(entry: number, state: unknown): void {
    this.#note(entry);
    this.#table.setState(entry, state);
  }

  /** Gives an entry another state; its last update is now at `timeMs`, not earlier than any other's. */
  update(entry: number, state: unknown, timeMs: number): void {
    this.#note(entry);
    this.#table.setState(entry, state);
    this.#table.setTime(entry, timeMs);
    if (this.#idle === undefined) return;
    this.#idle.remove(entry);
    this.#idle.append(entry);
  }

  /** Takes a key out. */
  remove(entry: number): void {
    this.#note(entry);
    this.#opened().numVacated += 1;
    this.#vacate(entry);
    this.#idle?.remove(entry);
    this.#free.push(entry);
  }

  /** The entry that was updated longest ago, if that was before `timeMs`; otherwise -1. */
  idleSince(timeMs: number): number {
    const entry = this.#idle?.first ?? -1;
    return entry >= 0 && this.timeOf(entry) < timeMs ? entry : -1;
  }

  /** Keeps a version readable until it is released as often. */
  retain(version: number): void {
    this.#retained.set(version, (this.#retained.get(version) ?? 0) + 1);
  }

  /** Lets go of a version; what only it needed is forgotten. */
  release(version: number): void {
    const count = (this.#retained.get(version) ?? 0) - 1;
    if (count > 0) this.#retained.set(version, count);
    else this.#retained.delete(version);
    let oldest = this.#version;
    for (const retained of this.#retained.keys()) oldest = Math.min(oldest, retained);
    for (const [logged, { table }] of this.#logs) {
      if (logged > oldest) continue;
      this.#logs.delete(logged);
      this.#spares.give(table);
    }
  }

  /** Whether the map has moved past a version, so that it is read through what changed since. */
  isOlder(version: number): boolean {
    return version !== this.#version || this.#open !== undefined;
  }

  /** A retained version that the map has moved past. */
  older(version: number): OlderVersion {
    if (version < this.#version && !this.#logs.has(version + 1)) {
      throw forgotten(version);
    }
    return new OlderVersion(this, version);
  }

  /** What versions after a retained one changed, the open one included. */
  logsAfter(version: number): readonly UndoLog[] {
    const logs = this.touchedBetween(version, this.#version) ?? [];
    return this.#open === undefined ? logs : [...logs, this.#open];
  }

  /** Whether an entry was touched after a retained version. */
  hasChangedSince(version: number, entry: number): boolean {
    return this.#table.versionOf(entry) > version;
  }

  /** Where what an entry held in a retained version is: found by going back over the versions that touched it. */
  heldIn(version: number, entry: number): Held {
    let table = this.#table;
    let record = entry;
    for (let noted = table.versionOf(record); noted > version; noted = table.versionOf(record)) {
      const log = noted > this.#version ? this.#open : this.#logs.get(noted);
      if (log === undefined) throw forgotten(version);
      record = table.placeOf(record);
      table = log.table;
    }
    return { table, record };
  }

  /**
   * What versions after `since` and up to `version` changed, as the entries they touched and the keys these
   * held; `undefined` when that is not known any more.
   */
  touchedBetween(since: number, version: number): UndoLog[] | undefined {
    const logs: UndoLog[] = [];
    for (let at = since + 1; at <= version; at++) {
      const log = this.#logs.get(at);
      if (log === undefined) return undefined;
      logs.push(log);
    }
    return logs;
  }

  /** A map of its own with the content of a retained version. */
  copyOf(version: number): StateMap {
    const copy = new StateMap(this.#options);
    const source = this.isOlder(version) ? this.older(version) : this;
    copy.begin();
    for (let entry = 0; entry < this.numEntries; entry++) {
      const { key, state, timeMs } = source.entryAt(entry);
      if (key !== FREE) copy.insert(key, state, timeMs);
    }
    copy.sortByTime();
    copy.release(copy.commit());
    return copy;
  }

  /** What an entry holds. */
  entryAt(entry: number): Entry {
    return this.#table.entryAt(entry);
  }

  /** Sets the order of last updates right: after a rollback, and after filling a map in no order. */
  sortByTime(): void {
    const idle = this.#idle;
    if (idle === undefined) return;
    const entries: number[] = [];
    for (let entry = 0; entry < this.numEntries; entry++) if (!this.isFree(entry)) entries.push(entry);
    entries.sort((a, b) => this.timeOf(a) - this.timeOf(b));
    idle.clear();
    for (const entry of entries) idle.append(entry);
  }

  #opened(): UndoLog {
    if (this.#open === undefined) throw millraceError("MR_INTERNAL", "no version of a state is open");
    return this.#open;
  }

  /** Writes down what an entry holds, before the open version changes it for the first time. */
  #note(entry: number): void {
    const opening = this.#version + 1;
    const table = this.#table;
    if (table.versionOf(entry) === opening) return;
    table.note(entry, opening, this.#opened().note(entry, table));
  }

  #vacate(entry: number): void {
    const table = this.#table;
    if (table.isFree(entry)) return;
    table.packKey(entry, this.#packed);
    this.#index.remove(this.#packed.hash, entry);
    table.vacate(entry);
  }
}

function forgotten(version: number) {
  return millraceError("MR_INTERNAL", `version ${version} of a state is forgotten`);
}
