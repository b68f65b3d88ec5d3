import { millraceError } from "../../common/errors/index.ts";
import { ownCombined } from "../own-combined.ts";

/**
 * The state of one key, as the function of `mapWithState` sees it. One object serves all keys in turn: do not keep it.
 *
 * ```ts
 * import { type State, StateSpec, StreamingContext } from "millrace";
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "example", "20ms");
 * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
 * const seen = (word: string, one: number | undefined, state: State<number>) => {
 *   const count = (state.getOption() ?? 0) + (one ?? 0);
 *   state.update(count);
 *   return `${word} ${count}`;
 * };
 * ssc.queueStream([["a", "b", "a"]]).map(word => [word, 1]).mapWithState(StateSpec.function(seen)).foreachRDD(async rdd => {
 *   assert.deepEqual((await rdd.collect()).sort(), ["a 1", "a 2", "b 1"]);
 *   void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * ```
 */
export interface State<S> {
  /** Whether the key has a state. */
  exists(): boolean;
  /**
   * The state. An object is the key's own copy of it: changes to it stay.
   * @throws MR_STATE_NOT_SET when there is none
   */
  get(): S;
  /** The state, or `undefined` when there is none. */
  getOption(): S | undefined;
  /**
   * Sets the state.
   * @throws MR_STATE_CHANGE after `remove`, and while the key is timing out
   */
  update(state: S): void;
  /**
   * Removes the key.
   * @throws MR_STATE_CHANGE when it was removed already, and while it is timing out: it is removed anyway
   */
  remove(): void;
  /** Whether this call tells of the key's time-out: it comes without a value, and the key is removed after it. */
  isTimingOut(): boolean;
}

/** The one `State` of a partition, laid round one key after the other. */
export class KeyState<S> implements State<S> {
  #exists = false;
  #state: S | undefined;
  #isTimingOut = false;
  #isUpdated = false;
  #isRemoved = false;
  #isHandedOut = false;

  /** Turns to another key. */
  wrap(exists: boolean, state: S | undefined): void {
    this.#exists = exists;
    this.#state = state;
    this.#isTimingOut = false;
    this.#isUpdated = false;
    this.#isRemoved = false;
    this.#isHandedOut = false;
  }

  /** Turns to a key that has been idle for too long. */
  wrapTimingOut(state: S): void {
    this.wrap(true, state);
    this.#isTimingOut = true;
  }

  /** Whether the function gave the key a state. */
  get isUpdated(): boolean {
    return this.#isUpdated;
  }

  /** Whether the function removed the key. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** Whether the function holds an object it may have changed in place. */
  get isHandedOut(): boolean {
    return this.#isHandedOut;
  }

  /** The state as it is now, for the map to keep. */
  get current(): S | undefined {
    return this.#state;
  }

  exists(): boolean {
    return this.#exists;
  }

  get(): S {
    if (this.#exists) return this.#own();
    throw millraceError("MR_STATE_NOT_SET", "State is not set");
  }

  getOption(): S | undefined {
    return this.#exists ? this.#own() : undefined;
  }

  update(state: S): void {
    if (this.#isRemoved) throw refused("Cannot update the state after it has been removed");
    if (this.#isTimingOut) throw refused("Cannot update the state that is timing out");
    this.#state = state;
    this.#exists = true;
    this.#isUpdated = true;
    // What was handed out before is not the state any more; what was given now stays the caller's.
    this.#isHandedOut = false;
  }

  remove(): void {
    if (this.#isTimingOut) throw refused("Cannot remove the state that is timing out");
    if (this.#isRemoved) throw refused("Cannot remove the state that has already been removed");
    this.#exists = false;
    this.#state = undefined;
    this.#isUpdated = false;
    this.#isRemoved = true;
  }

  isTimingOut(): boolean {
    return this.#isTimingOut;
  }

  toString(): string {
    return this.#exists ? String(this.#state) : "<state not set>";
  }

  /** The first time a copy, so that changing it in place leaves the version before as it was. */
  #own(): S {
    const state = this.#state as S;
    if (typeof state !== "object" || state === null || this.#isHandedOut || this.#isUpdated) return state;
    this.#isHandedOut = true;
    this.#state = ownCombined(state) as S;
    return this.#state;
  }
}

function refused(message: string) {
  return millraceError("MR_STATE_CHANGE", message);
}
