const INITIAL_SLOTS = 1 << 10;

/**
 * String → count in an open-addressing table: the hash of the characters is computed once and kept beside the
 * entry number, so that keys are compared only where hashes agree. The same structure Millrace aggregates with.
 */
export class CountingTable {
  readonly keys: string[] = [];
  readonly counts: number[] = [];
  #hashes = new Int32Array(INITIAL_SLOTS);
  /** Entry number + 1, or 0 where free. */
  #entries = new Int32Array(INITIAL_SLOTS);
  #mask = INITIAL_SLOTS - 1;

  add(key: string): void {
    let hash = 0;
    for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
    hash ^= hash >>> 15;
    const mask = this.#mask;
    let slot = hash & mask;
    for (;;) {
      const entry = this.#entries[slot] as number;
      if (entry === 0) break;
      if (this.#hashes[slot] === hash && this.keys[entry - 1] === key) {
        (this.counts[entry - 1] as number)++;
        return;
      }
      slot = (slot + 1) & mask;
    }
    this.#insert(key, hash, slot);
  }

  /** `12 words, 3 different`. */
  summary(): string {
    let total = 0;
    for (const count of this.counts) total += count;
    return `${total} words, ${this.keys.length} different`;
  }

  #insert(key: string, hash: number, slot: number): void {
    this.keys.push(key);
    this.counts.push(1);
    this.#hashes[slot] = hash;
    this.#entries[slot] = this.keys.length;
    if (this.keys.length * 2 > this.#entries.length) this.#grow();
  }

  #grow(): void {
    const [hashes, entries] = [this.#hashes, this.#entries];
    const size = entries.length * 4;
    this.#mask = size - 1;
    this.#hashes = new Int32Array(size);
    this.#entries = new Int32Array(size);
    for (let old = 0; old < entries.length; old++) {
      if (entries[old] === 0) continue;
      let slot = (hashes[old] as number) & this.#mask;
      while (this.#entries[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#entries[slot] = entries[old] as number;
      this.#hashes[slot] = hashes[old] as number;
    }
  }
}
