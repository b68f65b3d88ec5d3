import { canonicalKey } from "../common/keys/index.ts";
import { IntegerIndex } from "./integer-index.ts";
import { KnownTexts } from "./known-texts.ts";

/** Slots at first: tables of small batches stay small. */
const INITIAL_SLOTS = 1 << 7;
/** One free slot that is never written to: tables of batches with nothing in them cost no memory. */
const NO_PACKED = new Int32Array(4);
const NO_SLOTS = new Int32Array(2);
/** Strings up to this length, of one-byte characters, fit into three numbers together with their length. */
export const PACKED_LENGTH = 11;
/** Tables of fewer strings do not look for those made earlier. */
const MANY_TEXTS = 1 << 11;
/** A sliced string keeps its whole parent alive; V8 slices from this length on, shorter ones are copied. */
export const SLICED_FROM = 13;

/**
 * Key → combined value, for aggregations. String keys live in open-addressing indexes which the fused loop
 * itself probes (see `fuse/sinks.ts`), because this look-up decides the speed of a word count: short ones
 * are compared as numbers without touching the string, longer ones by a hash computed once and then by their
 * characters. Whole numbers have an index of their own; all other keys go through a `Map` of their canonical identity. Entries keep the order in which
 * their keys were first seen.
 *
 * Fields are public because generated code works on them directly; nothing else should.
 */
export class AggregationTable {
  keys: unknown[] = [];
  values: unknown[] = [];
  /**
   * Short strings, four numbers a slot: characters 1–4, 5–8, then 9–11 with the length, which together are
   * the string; and the entry number + 1, 0 where the slot is free.
   */
  packed: Int32Array = NO_PACKED;
  /** Makes the start of a slot in `packed` of any number: where the probe for hash h starts is `(h << 2) & packedMask`. */
  packedMask = 0;
  /** Other strings, two numbers a slot: entry number + 1 (0 where free), and its hash. */
  slots: Int32Array = NO_SLOTS;
  /** Makes an even position in `slots` of any number: where the probe for hash h starts is `(h << 1) & mask`. */
  mask = 0;
  /** Start of every hash: unknown to whoever chooses the keys, so that they cannot be made to collide. */
  readonly seed: number;
  #integers: IntegerIndex | undefined;
  #others: Map<unknown, number> | undefined;
  #packedCount = 0;
  #hashedCount = 0;
  #known: KnownTexts | undefined;

  constructor(seed: number) {
    this.seed = seed | 0;
  }

  get size(): number {
    return this.keys.length;
  }

  /** A string made earlier that packs into these numbers; `undefined` when none is at hand. */
  knownText(a: number, b: number, c: number): string | undefined {
    return this.#known?.find(a, b, c);
  }

  /** Adds a short string that is not there yet, packed as `a`, `b`, `c`; `slot` is where its probe ended. */
  insertPacked(key: string, a: number, b: number, c: number, slot: number, value: unknown): void {
    if (this.packed === NO_PACKED) {
      this.#growPacked();
      slot = (packedHash(this.seed, a, b, c) << 2) & this.packedMask;
    }
    this.keys.push(key);
    this.values.push(value);
    const { packed } = this;
    packed[slot] = a;
    packed[slot + 1] = b;
    packed[slot + 2] = c;
    packed[slot + 3] = this.keys.length;
    this.#packedCount += 1;
    if (this.#known !== undefined) this.#known.keep(key, a, b, c);
    else if (this.#packedCount === MANY_TEXTS) this.#known = knownTexts();
    if (this.#packedCount * 8 > packed.length) this.#growPacked();
  }

  /** Adds a string key that is not there yet; `slot` is the free position its probe ended at. */
  insertHashed(key: string, hash: number, slot: number, value: unknown): void {
    if (this.slots === NO_SLOTS) {
      this.#growHashed();
      slot = (hash << 1) & this.mask;
    }
    this.keys.push(key.length < SLICED_FROM ? key : detachString(key));
    this.values.push(value);
    this.slots[slot] = this.keys.length;
    this.slots[slot + 1] = hash;
    this.#hashedCount += 1;
    if (this.#hashedCount * 4 > this.slots.length) this.#growHashed();
  }

  /** The entry of a key that is no string, or -1. */
  findOther(key: unknown): number {
    if (isInteger(key)) return this.#integers?.find(key | 0) ?? -1;
    return this.#others?.get(canonicalKey(key)) ?? -1;
  }

  /** Adds a key that is no string and not there yet. */
  insertOther(key: unknown, value: unknown): void {
    if (isInteger(key)) {
      this.#integers ??= new IntegerIndex(this.seed);
      this.#integers.insert(key | 0, this.keys.length);
    } else {
      this.#others ??= new Map();
      this.#others.set(canonicalKey(key), this.keys.length);
    }
    this.keys.push(key);
    this.values.push(value);
  }

  #growPacked(): void {
    const old = this.packed;
    const packed = new Int32Array(Math.max(4 * INITIAL_SLOTS, old.length * 2));
    const mask = packed.length - 4;
    for (let from = 0; from < old.length; from += 4) {
      if (old[from + 3] === 0) continue;
      const a = old[from] as number;
      const b = old[from + 1] as number;
      const c = old[from + 2] as number;
      let slot = (packedHash(this.seed, a, b, c) << 2) & mask;
      while (packed[slot + 3] !== 0) slot = (slot + 4) & mask;
      packed[slot] = a;
      packed[slot + 1] = b;
      packed[slot + 2] = c;
      packed[slot + 3] = old[from + 3] as number;
    }
    this.packed = packed;
    this.packedMask = mask;
  }

  #growHashed(): void {
    const old = this.slots;
    const slots = new Int32Array(Math.max(2 * INITIAL_SLOTS, old.length * 4));
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      const entry = old[from] as number;
      if (entry === 0) continue;
      const hash = old[from + 1] as number;
      let slot = (hash << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = entry;
      slots[slot + 1] = hash;
    }
    this.slots = slots;
    this.mask = mask;
  }
}

/** What the tables of this thread have met; made when it is needed first. */
let known: KnownTexts | undefined;

function knownTexts(): KnownTexts {
  known ??= new KnownTexts();
  return known;
}

/** Whole numbers of 32 bits; -0 is one, as it is the same key as 0. */
function isInteger(key: unknown): key is number {
  return typeof key === "number" && (key | 0) === key;
}

/**
 * Where the probe for a packed string starts. One step after the other: no part is mixed before the seed is,
 * so that keys which collide under every seed cannot be chosen.
 */
export function packedHash(seed: number, a: number, b: number, c: number): number {
  let h = Math.imul(seed ^ a, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * A copy of `text` that shares no memory with the chunk it was cut from. JSON is the quickest way round
 * that keeps one-byte strings one-byte and lone surrogates intact.
 */
export function detachString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
