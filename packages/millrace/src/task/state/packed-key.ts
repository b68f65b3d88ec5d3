import { canonicalKey, hashKey } from "../../common/keys/index.ts";

/** What of a key stands in its record; the first byte of its tag. */
export const KeyKind = {
  /** There is no key. */
  free: 0,
  /** Nothing: the key itself lies elsewhere. */
  elsewhere: 1,
  /** Characters up to U+00FF, a byte each; the tag's second byte is their number. */
  oneByteText: 2,
  /** UTF-16 code units; the tag's second byte is their number. */
  twoByteText: 3,
  int32: 4,
  float64: 5,
} as const;

/** 32-bit words that a key may take in a record: a UUID's 36 characters. */
export const KEY_WORDS = 9;
const KEY_BYTES = 4 * KEY_WORDS;

/** The words of every NaN. */
const NAN_HIGH_WORD = 0x7ff80000;

/**
 * One key as the words it has in records, and its hash: two keys with equal words and tags are equal. Keys that are no
 * texts or numbers, and long ones, have no words. One object serves all keys of a map in turn.
 */
export class PackedKey {
  readonly words = new Int32Array(KEY_WORDS + 1);
  /** How many words it takes. */
  length = 0;
  /** Its kind, and for texts their length times 256. */
  tag: number = KeyKind.free;
  hash = 0;
  /** The key, when its kind is `elsewhere`. */
  key: unknown;
  readonly #floats = new Float64Array(this.words.buffer, 0, 1);
  readonly #seed: number;
  readonly #keepsKeys: boolean;

  /**
   * @param seed start of every hash, unknown to whoever chooses the keys, so that they cannot be made to collide
   * @param keepsKeys whether no key has words
   */
  constructor(seed: number, keepsKeys: boolean) {
    this.#seed = seed | 0;
    this.#keepsKeys = keepsKeys;
  }

  /**
   * Turns to a key.
   * @throws MR_KEY_UNSUPPORTED
   */
  pack(key: unknown): void {
    if (this.#keepsKeys) this.#keepElsewhere(key);
    else if (typeof key === "string") this.#packText(key);
    else if (typeof key === "number") this.#packNumber(key);
    else this.#keepElsewhere(key);
  }

  /** Turns to a key whose words the caller has put into `words`; `key`: the one that lies elsewhere. */
  take(tag: number, key: unknown): void {
    const kind = tag & 0xff;
    if (kind === KeyKind.elsewhere) {
      this.#keepElsewhere(key);
      return;
    }
    this.#finish(tag, wordsOf(tag));
  }

  #packText(text: string): void {
    const { words } = this;
    const length = text.length;
    if (length > KEY_BYTES) {
      this.#keepElsewhere(text);
      return;
    }
    let all = 0;
    let word = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      word |= unit << ((i & 3) << 3);
      if ((i & 3) === 3) {
        words[i >> 2] = word;
        word = 0;
      }
    }
    if (all > 0xff) {
      this.#packWide(text);
      return;
    }
    words[length >> 2] = word;
    this.#finish(KeyKind.oneByteText | (length << 8), (length + 3) >> 2);
  }

  #packWide(text: string): void {
    const { words } = this;
    const length = text.length;
    if (2 * length > KEY_BYTES) {
      this.#keepElsewhere(text);
      return;
    }
    words[length >> 1] = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if ((i & 1) === 0) words[i >> 1] = unit;
      else words[i >> 1] = (words[i >> 1] as number) | (unit << 16);
    }
    this.#finish(KeyKind.twoByteText | (length << 8), (length + 1) >> 1);
  }

  /** -0 is 0, and every NaN the same, as keys are. */
  #packNumber(key: number): void {
    if ((key | 0) === key) {
      this.words[0] = key;
      this.#finish(KeyKind.int32, 1);
      return;
    }
    if (Number.isNaN(key)) {
      this.words[0] = 0;
      this.words[1] = NAN_HIGH_WORD;
    } else {
      this.#floats[0] = key;
    }
    this.#finish(KeyKind.float64, 2);
  }

  #finish(tag: number, length: number): void {
    this.tag = tag;
    this.length = length;
    this.key = undefined;
    const { words } = this;
    let hash = this.#seed;
    for (let i = 0; i < length; i++) {
      const word = words[i] as number;
      // Half a word at a time: what a difference in its upper bits becomes must depend on the seed, too.
      hash = Math.imul(hash ^ (word & 0xffff), 0x9e3779b1);
      hash = Math.imul(hash ^ (word >>> 16), 0x9e3779b1);
    }
    this.hash = hash ^ (hash >>> 15);
  }

  #keepElsewhere(key: unknown): void {
    this.hash = this.#hashOf(key);
    this.tag = KeyKind.elsewhere;
    this.length = 0;
    this.key = key;
  }

  #hashOf(key: unknown): number {
    const identity = typeof key === "object" && key !== null ? canonicalKey(key) : key;
    if (typeof identity !== "string") return hashKey(identity) | 0;
    let hash = this.#seed;
    for (let i = 0; i < identity.length; i++) hash = Math.imul(hash ^ identity.charCodeAt(i), 0x9e3779b1);
    return hash ^ (hash >>> 15);
  }
}

/** How many words a key takes. */
export function wordsOf(tag: number): number {
  switch (tag & 0xff) {
    case KeyKind.oneByteText:
      return ((tag >>> 8) + 3) >> 2;
    case KeyKind.twoByteText:
      return ((tag >>> 8) + 1) >> 1;
    case KeyKind.int32:
      return 1;
    case KeyKind.float64:
      return 2;
    default:
      return 0;
  }
}
