const INITIAL_SLOTS = 1 << 10;
/** Int32 fields of a slot: three with the characters, one with the entry number + 1 (0: free). */
const FIELDS = 4;
const ENTRY = 3;
/** Characters that fit the three fields, a byte each. */
const MAX_PACKED = 12;

/**
 * String → count for keys of at most 12 characters below 256: the characters themselves, packed into three
 * integers, are hash input and comparison, so a hit touches neither the key nor its string. Longer keys go to a
 * `Map`. A slot is 16 bytes: one cache line serves a hit.
 */
export class PackedCountingTable {
  readonly keys: string[] = [];
  readonly counts: number[] = [];
  #slots = new Int32Array(INITIAL_SLOTS * FIELDS);
  #mask = INITIAL_SLOTS * FIELDS - 1;
  readonly #others = new Map<string, number>();

  add(key: string): void {
    const length = key.length;
    let a = 0;
    let b = 0;
    let c = 0;
    let all = 0;
    if (length <= MAX_PACKED) {
      for (let i = 0; i < length; i++) {
        const code = key.charCodeAt(i);
        all |= code;
        // A code of 0 would make "x" and "x\0" the same.
        if (code === 0) all = -1;
        if (i < 4) a = (a << 8) | code;
        else if (i < 8) b = (b << 8) | code;
        else c = (c << 8) | code;
      }
    }
    if (length > MAX_PACKED || all >>> 0 > 255) this.#addOther(key);
    else if (!this.addKnown(a, b, c)) this.addNew(a, b, c, key);
  }

  /** Counts a key given by its packed characters, if it is there; answers whether it was. */
  addKnown(a: number, b: number, c: number): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let at = (packedHash(a, b, c) * FIELDS) & mask; ; at = (at + FIELDS) & mask) {
      const entry = slots[at + ENTRY] as number;
      if (entry === 0) return false;
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c) {
        (this.counts[entry - 1] as number)++;
        return true;
      }
    }
  }

  /** Adds a key that is not there yet. */
  addNew(a: number, b: number, c: number, key: string): void {
    this.keys.push(key);
    this.counts.push(1);
    if (this.keys.length * FIELDS * 2 > this.#slots.length) this.#grow();
    this.#place(a, b, c, this.keys.length);
  }

  /** `12 words, 3 different`. */
  summary(): string {
    let total = 0;
    for (const count of this.counts) total += count;
    return `${total} words, ${this.keys.length} different`;
  }

  #addOther(key: string): void {
    const entry = this.#others.get(key);
    if (entry !== undefined) {
      (this.counts[entry] as number)++;
      return;
    }
    this.#others.set(key, this.keys.length);
    this.keys.push(key);
    this.counts.push(1);
  }

  #place(a: number, b: number, c: number, entry: number): void {
    const slots = this.#slots;
    let at = (packedHash(a, b, c) * FIELDS) & this.#mask;
    while (slots[at + ENTRY] !== 0) at = (at + FIELDS) & this.#mask;
    slots[at] = a;
    slots[at + 1] = b;
    slots[at + 2] = c;
    slots[at + ENTRY] = entry;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 4);
    this.#mask = this.#slots.length - 1;
    for (let from = 0; from < old.length; from += FIELDS) {
      const [a, b, c, entry] = old.subarray(from, from + FIELDS) as unknown as [
        number,
        number,
        number,
        number,
      ];
      if (entry !== 0) this.#place(a, b, c, entry);
    }
  }
}

function packedHash(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & 0xfffffff;
}
