import type { Chunk } from "./chunk.ts";
import type { Step } from "./spec.ts";

/** Records looked at before it is judged: fewer cost little either way. */
const ENOUGH_RECORDS = 1 << 17;
/** So many different keys among them that combining before the shuffle saves next to nothing. */
const USELESS_SHARE = 0.9;

/**
 * Knows whether combining values before a shuffle is worth a table: not when nearly every key is met once. Judged only
 * where as many records reach the table as come in.
 */
export class CombineBenefit {
  readonly #isKnown: boolean;
  #records = 0;

  /** @param steps between the source and the table */
  constructor(steps: readonly Step[]) {
    this.#isKnown = steps.every(({ kind }) => kind !== "flatMap" && kind !== "flatMapValues");
  }

  /** To be told of every chunk, and of the different keys since the last `reset`. */
  isNone(chunk: Chunk, keys: number): boolean {
    if (!this.#isKnown || chunk.kind === "lines") return false;
    this.#records += chunk.to - chunk.from;
    return this.#records >= ENOUGH_RECORDS && keys >= this.#records * USELESS_SHARE;
  }

  /** The table was emptied. */
  reset(): void {
    this.#records = 0;
  }
}
