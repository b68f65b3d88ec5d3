import { canonicalKey } from "../common/keys/index.ts";

const INITIAL_SLOTS = 1 << 10;
/** A sliced string keeps its whole parent alive; V8 slices from this length on, shorter ones are copied. */
export const SLICED_FROM = 13;

/**
 * Key → combined value, for aggregations. String keys live in an open-addressing index whose hash is
 * computed once, by the fused loop itself (see `fuse/combine.ts`), because this look-up decides the speed
 * of a word count; all other keys go through a `Map` of their canonical identity. Entries keep the order
 * in which their keys were first seen.
 *
 * Fields are public because generated code works on them directly; nothing else should.
 */
export class AggregationTable {
  keys: unknown[] = [];
  values: unknown[] = [];
  /** Hash of entry i; 0 for keys that are no strings. */
  hashes = new Int32Array(INITIAL_SLOTS >> 1);
  /** Entry number + 1, or 0 where free. */
  slots = new Int32Array(INITIAL_SLOTS);
  mask = INITIAL_SLOTS - 1;
  /** Start of every hash: unknown to whoever chooses the keys, so that they cannot be made to collide. */
  readonly seed: number;
  #others: Map<unknown, number> | undefined;
  #strings = 0;

  constructor(seed: number) {
    this.seed = seed | 0;
  }

  get size(): number {
    return this.keys.length;
  }

  /** Adds a string key that is not there yet; `slot` is the free one its probe ended at. */
  insertString(key: string, hash: number, slot: number, value: unknown): void {
    const entry = this.keys.length;
    if (entry === this.hashes.length) this.#growHashes();
    this.keys.push(key.length < SLICED_FROM ? key : detachString(key));
    this.values.push(value);
    this.hashes[entry] = hash;
    this.slots[slot] = entry + 1;
    this.#strings += 1;
    if (this.#strings * 2 > this.slots.length) this.#growSlots();
  }

  /** The entry of a key that is no string, or -1. */
  findOther(key: unknown): number {
    return this.#others?.get(canonicalKey(key)) ?? -1;
  }

  /** Adds a key that is no string and not there yet. */
  insertOther(key: unknown, value: unknown): void {
    this.#others ??= new Map();
    const entry = this.keys.length;
    if (entry === this.hashes.length) this.#growHashes();
    this.#others.set(canonicalKey(key), entry);
    this.keys.push(key);
    this.values.push(value);
  }

  #growHashes(): void {
    const larger = new Int32Array(this.hashes.length * 2);
    larger.set(this.hashes);
    this.hashes = larger;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.slots.length * 4);
    const mask = slots.length - 1;
    const { hashes, keys } = this;
    for (let entry = 0; entry < keys.length; entry++) {
      if (typeof keys[entry] !== "string") continue;
      let slot = (hashes[entry] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.slots = slots;
    this.mask = mask;
  }
}

/**
 * A copy of `text` that shares no memory with the chunk it was cut from. JSON is the quickest way round
 * that keeps one-byte strings one-byte and lone surrogates intact.
 */
export function detachString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
