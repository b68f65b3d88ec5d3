import { canonicalKey } from "../common/keys/index.ts";

/** Slots at first; each takes two numbers. */
const INITIAL_SLOTS = 1 << 10;
/** A sliced string keeps its whole parent alive; V8 slices from this length on, shorter ones are copied. */
export const SLICED_FROM = 13;

/**
 * Key → combined value, for aggregations. String keys live in an open-addressing index whose hash is
 * computed once, by the fused loop itself (see `fuse/sinks.ts`), because this look-up decides the speed
 * of a word count; all other keys go through a `Map` of their canonical identity. Entries keep the order
 * in which their keys were first seen.
 *
 * Fields are public because generated code works on them directly; nothing else should.
 */
export class AggregationTable {
  keys: unknown[] = [];
  values: unknown[] = [];
  /** Two numbers a slot, which a probe finds in one cache line: entry number + 1 (0 where free), and its hash. */
  slots = new Int32Array(2 * INITIAL_SLOTS);
  /** Makes an even position in `slots` of any number: where the probe for hash h starts is `(h << 1) & mask`. */
  mask = 2 * INITIAL_SLOTS - 2;
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

  /** Adds a string key that is not there yet; `slot` is the free position its probe ended at. */
  insertString(key: string, hash: number, slot: number, value: unknown): void {
    this.keys.push(key.length < SLICED_FROM ? key : detachString(key));
    this.values.push(value);
    this.slots[slot] = this.keys.length;
    this.slots[slot + 1] = hash;
    this.#strings += 1;
    if (this.#strings * 4 > this.slots.length) this.#grow();
  }

  /** The entry of a key that is no string, or -1. */
  findOther(key: unknown): number {
    return this.#others?.get(canonicalKey(key)) ?? -1;
  }

  /** Adds a key that is no string and not there yet. */
  insertOther(key: unknown, value: unknown): void {
    this.#others ??= new Map();
    this.#others.set(canonicalKey(key), this.keys.length);
    this.keys.push(key);
    this.values.push(value);
  }

  #grow(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 4);
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

/**
 * A copy of `text` that shares no memory with the chunk it was cut from. JSON is the quickest way round
 * that keeps one-byte strings one-byte and lone surrogates intact.
 */
export function detachString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
