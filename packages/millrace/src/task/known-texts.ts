import { packedHash } from "./aggregation-table.ts";

/** Texts that are remembered at most. */
const PLACES = 1 << 17;
/** Numbers a place has. */
const PLACE = 3;

/**
 * Short texts that were keys before, by the three numbers they pack into. Task after task meets the same words: one that
 * is known need not be made again, and the young generation of the heap is not filled with what all survives, which is
 * when collecting it takes long. A text has two places; where both are taken it takes the second one over.
 */
export class KnownTexts {
  readonly #packed = new Int32Array(PLACE * PLACES);
  readonly #texts = new Array<string | undefined>(PLACES).fill(undefined);

  /** The text that packs into these numbers, if it is known. */
  find(a: number, b: number, c: number): string | undefined {
    const first = placeOf(a, b, c);
    if (this.#has(first, a, b, c)) return this.#texts[first];
    return this.#has(first ^ 1, a, b, c) ? this.#texts[first ^ 1] : undefined;
  }

  keep(text: string, a: number, b: number, c: number): void {
    const first = placeOf(a, b, c);
    const isFree = this.#texts[first] === undefined || this.#has(first, a, b, c);
    const place = isFree ? first : first ^ 1;
    const packed = this.#packed;
    packed[PLACE * place] = a;
    packed[PLACE * place + 1] = b;
    packed[PLACE * place + 2] = c;
    this.#texts[place] = text;
  }

  #has(place: number, a: number, b: number, c: number): boolean {
    const packed = this.#packed;
    const at = PLACE * place;
    return packed[at] === a && packed[at + 1] === b && packed[at + 2] === c;
  }
}

function placeOf(a: number, b: number, c: number): number {
  return packedHash(0, a, b, c) & (PLACES - 1);
}
