import { millraceError } from "../../common/errors/index.ts";
import { detachString, SLICED_FROM } from "../aggregation-table.ts";
import { type Entry, FREE } from "./entry.ts";
import { EntryFacts } from "./entry-facts.ts";
import { IdleOrder } from "./idle-order.ts";
import { KeyIndex } from "./key-index.ts";
import { OlderVersion } from "./older-version.ts";
import { UndoLog } from "./undo-log.ts";

/** How a map is set up. */
export interface StateMapOptions {
  /** Start of the hashes of keys. */
  readonly seed: number;
  /** Whether idle keys will be asked for: keeps them in the order of their last update. */
  readonly ordersByTime: boolean;
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
  readonly #index: KeyIndex;
  readonly #keys: unknown[] = [];
  readonly #states: unknown[] = [];
  /** What else is known of the entries; together, because an update needs all of it and keys lie all over memory. */
  #facts = new EntryFacts(64);
  #free: number[] = [];
  readonly #idle: IdleOrder | undefined;
  /** By version: what it changed. */
  readonly #logs = new Map<number, UndoLog>();
  readonly #retained = new Map<number, number>();
  #version = 0;
  #open: UndoLog | undefined;

  constructor(options: StateMapOptions) {
    this.#options = options;
    this.#index = new KeyIndex(options.seed);
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
    return this.#keys.length;
  }

  /** The keys by entry, `FREE` where there is none. For reading only, until the next change. */
  get keys(): readonly unknown[] {
    return this.#keys;
  }

  /** The states by entry. For reading only, until the next change. */
  get states(): readonly unknown[] {
    return this.#states;
  }

  /** The entry of a key, or -1. */
  find(key: unknown): number {
    return this.#index.find(key, this.#index.hashOf(key), this.#keys);
  }

  /** When an entry was last updated, in milliseconds. */
  timeOf(entry: number): number {
    return this.#facts.timeOf(entry);
  }

  /** Opens the next version. */
  begin(): void {
    if (this.#open !== undefined) throw millraceError("MR_INTERNAL", "a version of a state is open already");
    this.#open = new UndoLog(this.size);
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
    for (const entry of log.entries) this.#vacate(entry);
    for (let i = 0; i < log.entries.length; i++) {
      const entry = log.entries[i] as number;
      this.#facts.note(entry, log.lastVersions[i] as number, log.lastPlaces[i] as number);
      if (log.keys[i] !== FREE) this.#occupy(entry, log.keys[i], log.states[i], log.times[i] as number);
    }
    this.#free = [];
    for (const [entry, key] of this.#keys.entries()) if (key === FREE) this.#free.push(entry);
    this.sortByTime();
  }

  /** Adds a key that is not there; answers its entry. */
  insert(key: unknown, state: unknown, timeMs: number): number {
    const own = typeof key === "string" && key.length >= SLICED_FROM ? detachString(key) : key;
    const entry = this.#free.pop() ?? this.#keys.length;
    if (entry === this.#keys.length) this.#extend(entry);
    this.#note(entry);
    this.#occupy(entry, own, state, timeMs);
    this.#idle?.append(entry);
    return entry;
  }

  /** Gives an entry another state, leaving its time. */
  setState(entry: number, state: unknown): void {
    this.#note(entry);
    this.#states[entry] = state;
  }

  /** Gives an entry another state; its last update is now at `timeMs`, not earlier than any other's. */
  update(entry: number, state: unknown, timeMs: number): void {
    this.#note(entry);
    this.#states[entry] = state;
    this.#facts.setTime(entry, timeMs);
    if (this.#idle === undefined) return;
    this.#idle.remove(entry);
    this.#idle.append(entry);
  }

  /** Takes a key out. */
  remove(entry: number): void {
    this.#note(entry);
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
    for (const logged of this.#logs.keys()) if (logged <= oldest) this.#logs.delete(logged);
  }

  /** Whether the map has moved past a version, so that it is read through what changed since. */
  isOlder(version: number): boolean {
    return version !== this.#version || this.#open !== undefined;
  }

  /** A retained version that the map has moved past. */
  older(version: number): OlderVersion {
    if (version < this.#version && !this.#logs.has(version + 1)) {
      throw millraceError("MR_INTERNAL", `version ${version} of a state is forgotten`);
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
    return this.#facts.versionOf(entry) > version;
  }

  /** What an entry held in a retained version: found by going back over the versions that touched it. */
  entryIn(version: number, entry: number): Entry {
    let noted = this.#facts.versionOf(entry);
    if (noted <= version) return this.entryAt(entry);
    let place = this.#facts.placeOf(entry);
    for (;;) {
      const log = noted > this.#version ? this.#opened() : (this.#logs.get(noted) as UndoLog);
      noted = log.lastVersions[place] as number;
      if (noted <= version) {
        return { key: log.keys[place], state: log.states[place], timeMs: log.times[place] as number };
      }
      place = log.lastPlaces[place] as number;
    }
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
    return { key: this.#keys[entry], state: this.#states[entry], timeMs: this.#facts.timeOf(entry) };
  }

  /** Sets the order of last updates right: after a rollback, and after filling a map in no order. */
  sortByTime(): void {
    const idle = this.#idle;
    if (idle === undefined) return;
    const entries: number[] = [];
    for (const [entry, key] of this.#keys.entries()) if (key !== FREE) entries.push(entry);
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
    const facts = this.#facts;
    const noted = facts.versionOf(entry);
    if (noted === opening) return;
    const place = this.#opened().note(
      entry,
      this.#keys[entry],
      this.#states[entry],
      facts.timeOf(entry),
      noted,
      facts.placeOf(entry),
    );
    facts.note(entry, opening, place);
  }

  #occupy(entry: number, key: unknown, state: unknown, timeMs: number): void {
    this.#keys[entry] = key;
    this.#states[entry] = state;
    this.#facts.setTime(entry, timeMs);
    this.#index.add(this.#index.hashOf(key), entry);
  }

  #vacate(entry: number): void {
    const key = this.#keys[entry];
    if (key === FREE) return;
    this.#index.remove(this.#index.hashOf(key), entry);
    this.#keys[entry] = FREE;
    this.#states[entry] = undefined;
  }

  #extend(entry: number): void {
    this.#keys.push(FREE);
    this.#states.push(undefined);
    this.#facts = this.#facts.upTo(entry);
  }
}
