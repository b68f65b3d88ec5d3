import type { EntryTable } from "./entry-table.ts";
import type { PackedKey } from "./packed-key.ts";

/** Slots at first; each takes two numbers. */
const INITIAL_SLOTS = 1 << 8;

/**
 * Key → entry number, by open addressing with linear probing. The keys themselves are in the caller's table, entry e's
 * in record e. Entries can be taken out again without leaving marks behind, so the index stays as quick as on its first
 * day however many keys have come and gone.
 */
export class KeyIndex {
  /** Two numbers a slot: entry number + 1 (0 where free), and its hash. */
  #slots = new Int32Array(2 * INITIAL_SLOTS);
  /** Makes an even position of any number: where the probe for hash h starts is `(h << 1) & mask`. */
  #mask = 2 * INITIAL_SLOTS - 2;
  #size = 0;

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /** The entry of a key, or -1. */
  find(packed: PackedKey, table: EntryTable): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const { hash } = packed;
    let at = (hash << 1) & mask;
    let entry = slots[at] as number;
    while (entry !== 0 && (slots[at + 1] !== hash || !table.hasKey(entry - 1, packed))) {
      at = (at + 2) & mask;
      entry = slots[at] as number;
    }
    return entry - 1;
  }

  /** Adds an entry whose key is not there yet. */
  add(hash: number, entry: number): void {
    this.#place(hash, entry + 1);
    this.#size += 1;
    if (this.#size * 4 > this.#slots.length) this.#grow();
  }

  /** Takes an entry out that is there, and moves up those that were pushed past it. */
  remove(hash: number, entry: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let free = (hash << 1) & mask;
    while (slots[free] !== entry + 1) free = (free + 2) & mask;
    for (let at = (free + 2) & mask; slots[at] !== 0; at = (at + 2) & mask) {
      const home = ((slots[at + 1] as number) << 1) & mask;
      // An entry may move up to `free` only if its home does not lie after that place.
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      slots[free] = slots[at] as number;
      slots[free + 1] = slots[at + 1] as number;
      free = at;
    }
    slots[free] = 0;
    this.#size -= 1;
  }

  #place(hash: number, value: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let at = (hash << 1) & mask;
    while (slots[at] !== 0) at = (at + 2) & mask;
    slots[at] = value;
    slots[at + 1] = hash;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = old.length * 2 - 2;
    for (let at = 0; at < old.length; at += 2) {
      const value = old[at] as number;
      if (value !== 0) this.#place(old[at + 1] as number, value);
    }
  }
}
