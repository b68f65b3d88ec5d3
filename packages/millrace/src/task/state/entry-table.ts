import { keysEqual } from "../../common/keys/index.ts";
import { detachString, SLICED_FROM } from "../aggregation-table.ts";
import { type Entry, FREE } from "./entry.ts";
import { KEY_WORDS, KeyKind, type PackedKey, wordsOf } from "./packed-key.ts";
import type { TextColumn } from "./text-column.ts";

/*
 * A record is 64 bytes in a row, a line of a processor's cache, as 32-bit words:
 *   0 version, 1 place, 2–3 time (float64), 4–5 state (int32 or float64), 6 tag, 7–15 key.
 * The tag: kind of the key in its first byte, its length in the second, kind of the state in the fourth.
 */
const RECORD_SHIFT = 4;
const RECORD_WORDS = 1 << RECORD_SHIFT;
const VERSION = 0;
const PLACE = 1;
const STATE = 4;
const TAG = 6;
const KEY = 7;
/** Positions counted in 64-bit numbers. */
const TIME_FLOAT = 1;
const STATE_FLOAT = 2;
const KEY_TAG_MASK = 0xffff;
const STATE_KIND_SHIFT = 24;

/** Kinds of states. */
const ELSEWHERE = 0;
const INT32 = 1;
const FLOAT64 = 2;

/** Records of a page; pages stay where they are, so a table grows without copying what it has. */
const PAGE_SHIFT = 16;
const PAGE_RECORDS = 1 << PAGE_SHIFT;
const PAGE_MASK = PAGE_RECORDS - 1;
/** The first page begins smaller and doubles: most tables are small. */
const FIRST_RECORDS = 64;

/**
 * Keys, states, times and notes in records outside the JavaScript heap. A million keys of a running count are a
 * million objects less to look at in every collection of garbage, and finding one touches one place in memory. States
 * that are no numbers, and keys that are neither numbers nor short texts, lie in lists beside the records.
 */
export class EntryTable {
  #length = 0;
  #capacity = 0;
  readonly #ints: Int32Array[] = [];
  readonly #floats: Float64Array[] = [];
  readonly #bytes: Buffer[] = [];
  /** By record, as far as there ever was such a key. */
  readonly #keys: unknown[] = [];
  /** By record, as far as there ever was such a state. */
  readonly #states: unknown[] = [];

  /** How many records there are. */
  get length(): number {
    return this.#length;
  }

  /** For how many records there is memory. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Adds a free record without notes; answers its number. */
  append(): number {
    const record = this.#length;
    if (record === this.#capacity) this.#grow();
    this.#length += 1;
    this.note(record, 0, 0);
    this.#pageOf(record)[positionOf(record) + TAG] = KeyKind.free;
    return record;
  }

  /** Adds a copy of another table's record; answers its number. */
  appendCopy(other: EntryTable, record: number): number {
    const copy = this.#length;
    if (copy === this.#capacity) this.#grow();
    this.#length += 1;
    this.copy(copy, other, record);
    return copy;
  }

  /** Makes a record what one of another table is. */
  copy(record: number, other: EntryTable, from: number): void {
    const target = this.#pageOf(record);
    const source = other.#pageOf(from);
    const at = positionOf(record);
    const sourceAt = positionOf(from);
    for (let i = 0; i < RECORD_WORDS; i++) target[at + i] = source[sourceAt + i] as number;
    const tag = source[sourceAt + TAG] as number;
    const kind = tag & 0xff;
    if (kind === KeyKind.free) return;
    if (kind === KeyKind.elsewhere) put(this.#keys, record, other.#keys[from]);
    if (tag >>> STATE_KIND_SHIFT === ELSEWHERE) put(this.#states, record, other.#states[from]);
  }

  /** Forgets all records but keeps the memory. */
  clear(): void {
    this.#length = 0;
    this.#keys.length = 0;
    this.#states.length = 0;
  }

  /** The last version that wrote the record down; 0 when none did. */
  versionOf(record: number): number {
    return this.#pageOf(record)[positionOf(record) + VERSION] as number;
  }

  /** Where in the log of that version. */
  placeOf(record: number): number {
    return this.#pageOf(record)[positionOf(record) + PLACE] as number;
  }

  note(record: number, version: number, place: number): void {
    const page = this.#pageOf(record);
    const at = positionOf(record);
    page[at + VERSION] = version;
    page[at + PLACE] = place;
  }

  /** In milliseconds. */
  timeOf(record: number): number {
    return this.#floatsOf(record)[(positionOf(record) >> 1) + TIME_FLOAT] as number;
  }

  setTime(record: number, timeMs: number): void {
    this.#floatsOf(record)[(positionOf(record) >> 1) + TIME_FLOAT] = timeMs;
  }

  stateAt(record: number): unknown {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    switch ((page[at + TAG] as number) >>> STATE_KIND_SHIFT) {
      case INT32:
        return page[at + STATE];
      case FLOAT64:
        return this.#floatsOf(record)[(at >> 1) + STATE_FLOAT];
      default:
        return this.#states[record];
    }
  }

  setState(record: number, state: unknown): void {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    const tag = page[at + TAG] as number;
    const keyTag = tag & KEY_TAG_MASK;
    if (typeof state !== "number") {
      page[at + TAG] = keyTag;
      put(this.#states, record, state);
      return;
    }
    if (tag >>> STATE_KIND_SHIFT === ELSEWHERE && record < this.#states.length)
      this.#states[record] = undefined;
    if ((state | 0) === state && !Object.is(state, -0)) {
      page[at + TAG] = keyTag | (INT32 << STATE_KIND_SHIFT);
      page[at + STATE] = state;
    } else {
      page[at + TAG] = keyTag | (FLOAT64 << STATE_KIND_SHIFT);
      this.#floatsOf(record)[(at >> 1) + STATE_FLOAT] = state;
    }
  }

  isFree(record: number): boolean {
    return ((this.#pageOf(record)[positionOf(record) + TAG] as number) & 0xff) === KeyKind.free;
  }

  /** The key, `FREE` where there is none. Texts and numbers are made anew with each call. */
  keyAt(record: number): unknown {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    const tag = page[at + TAG] as number;
    const length = (tag & KEY_TAG_MASK) >>> 8;
    const byte = 4 * (at + KEY);
    switch (tag & 0xff) {
      case KeyKind.oneByteText:
        return this.#bytesOf(record).toString("latin1", byte, byte + length);
      case KeyKind.twoByteText:
        return this.#bytesOf(record).toString("utf16le", byte, byte + 2 * length);
      case KeyKind.int32:
        return page[at + KEY];
      case KeyKind.float64:
        return this.#bytesOf(record).readDoubleLE(byte);
      case KeyKind.elsewhere:
        return this.#keys[record];
      default:
        return FREE;
    }
  }

  /** Adds the key to a column of texts; answers false when it is none, or has larger characters than a column takes. */
  addText(record: number, texts: TextColumn): boolean {
    const at = positionOf(record);
    const tag = (this.#pageOf(record)[at + TAG] as number) & KEY_TAG_MASK;
    if ((tag & 0xff) !== KeyKind.oneByteText) return false;
    texts.add(this.#bytesOf(record), 4 * (at + KEY), tag >>> 8);
    return true;
  }

  /** Whether the key is the packed one. */
  hasKey(record: number, packed: PackedKey): boolean {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    const { tag, length, words } = packed;
    if (((page[at + TAG] as number) & KEY_TAG_MASK) !== tag) return false;
    for (let i = 0; i < length; i++) if (page[at + KEY + i] !== words[i]) return false;
    return tag !== KeyKind.elsewhere || keysEqual(this.#keys[record], packed.key);
  }

  /** Whether two records have the same key, or both none. */
  hasKeyOf(record: number, other: EntryTable, otherRecord: number): boolean {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    const otherAt = positionOf(otherRecord);
    const otherPage = other.#pageOf(otherRecord);
    const tag = (page[at + TAG] as number) & KEY_TAG_MASK;
    if (((otherPage[otherAt + TAG] as number) & KEY_TAG_MASK) !== tag) return false;
    const length = wordsOf(tag);
    for (let i = KEY; i < KEY + length; i++) if (page[at + i] !== otherPage[otherAt + i]) return false;
    return tag !== KeyKind.elsewhere || keysEqual(this.#keys[record], other.#keys[otherRecord]);
  }

  setKey(record: number, packed: PackedKey): void {
    const at = positionOf(record);
    const page = this.#pageOf(record);
    const { tag, length, words, key } = packed;
    page[at + TAG] = ((page[at + TAG] as number) & ~KEY_TAG_MASK) | tag;
    for (let i = 0; i < length; i++) page[at + KEY + i] = words[i] as number;
    if (tag !== KeyKind.elsewhere) return;
    put(this.#keys, record, typeof key === "string" && key.length >= SLICED_FROM ? detachString(key) : key);
  }

  /** Packs the key of a record. */
  packKey(record: number, packed: PackedKey): void {
    const at = positionOf(record) + KEY;
    const page = this.#pageOf(record);
    for (let i = 0; i < KEY_WORDS; i++) packed.words[i] = page[at + i] as number;
    packed.take((page[at - KEY + TAG] as number) & KEY_TAG_MASK, this.#keys[record]);
  }

  /** Takes key and state out. */
  vacate(record: number): void {
    const at = positionOf(record);
    this.#pageOf(record)[at + TAG] = KeyKind.free;
    if (record < this.#keys.length) this.#keys[record] = undefined;
    if (record < this.#states.length) this.#states[record] = undefined;
  }

  /** What a record holds. */
  entryAt(record: number): Entry {
    return { key: this.keyAt(record), state: this.stateAt(record), timeMs: this.timeOf(record) };
  }

  #pageOf(record: number): Int32Array {
    return this.#ints[record >> PAGE_SHIFT] as Int32Array;
  }

  #floatsOf(record: number): Float64Array {
    return this.#floats[record >> PAGE_SHIFT] as Float64Array;
  }

  #bytesOf(record: number): Buffer {
    return this.#bytes[record >> PAGE_SHIFT] as Buffer;
  }

  #grow(): void {
    const isFirst = this.#capacity < PAGE_RECORDS;
    const records = isFirst ? Math.max(FIRST_RECORDS, 2 * this.#capacity) : PAGE_RECORDS;
    const page = new Int32Array(records * RECORD_WORDS);
    const at = isFirst ? 0 : this.#ints.length;
    const smaller = this.#ints[at];
    if (smaller !== undefined) page.set(smaller);
    this.#ints[at] = page;
    this.#floats[at] = new Float64Array(page.buffer);
    this.#bytes[at] = Buffer.from(page.buffer);
    this.#capacity = isFirst ? records : this.#capacity + records;
  }
}

/** Where a record begins in its page, in words. */
function positionOf(record: number): number {
  return (record & PAGE_MASK) << RECORD_SHIFT;
}

/** Sets an item of a list that is as long as was needed so far; without holes, which would make it a slow one. */
function put(list: unknown[], at: number, value: unknown): void {
  while (list.length < at) list.push(undefined);
  if (list.length === at) list.push(value);
  else list[at] = value;
}
