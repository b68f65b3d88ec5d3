import { canonicalKey, hashKey, keysEqual } from "../../common/keys/index.ts";

/** Slots at first; each takes two numbers. */
const INITIAL_SLOTS = 1 << 8;

/**
 * Key → entry number, by open addressing with linear probing. The keys themselves are the caller's: a column
 * in which entry e has its key. Entries can be taken out again without leaving marks behind, so the index
 * stays as quick as on its first day however many keys have come and gone.
 */
export class KeyIndex {
  /** Two numbers a slot: entry number + 1 (0 where free), and its hash. */
  #slots = new Int32Array(2 * INITIAL_SLOTS);
  /** Makes an even position of any number: where the probe for hash h starts is `(h << 1) & mask`. */
  #mask = 2 * INITIAL_SLOTS - 2;
  #size = 0;
  readonly #seed: number;

  /** `seed`: start of every hash, unknown to whoever chooses the keys, so that they cannot be made to collide. */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * The hash the other calls want, computed once a key.
   * @throws MR_KEY_UNSUPPORTED
   */
  hashOf(key: unknown): number {
    if (typeof key === "string") return this.#hashText(key);
    if (typeof key === "object" && key !== null) return this.#hashText(canonicalKey(key) as string);
    return hashKey(key) | 0;
  }

  /** The entry of a key, or -1. */
  find(key: unknown, hash: number, keys: readonly unknown[]): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let at = (hash << 1) & mask;
    let entry = slots[at] as number;
    if (typeof key === "string") {
      while (entry !== 0 && (slots[at + 1] !== hash || keys[entry - 1] !== key)) {
        at = (at + 2) & mask;
        entry = slots[at] as number;
      }
    } else {
      while (entry !== 0 && (slots[at + 1] !== hash || !keysEqual(keys[entry - 1], key))) {
        at = (at + 2) & mask;
        entry = slots[at] as number;
      }
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

  #hashText(text: string): number {
    let hash = this.#seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
    return hash ^ (hash >>> 15);
  }
}
