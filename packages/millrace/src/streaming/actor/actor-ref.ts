interface Letter<M> {
  readonly message: M;
  readonly handled: () => void;
}

/**
 * The mailbox of an actor: messages wait in it, in order, also before the actor starts and while it is replaced.
 *
 * ```ts
 * import { type ActorRef, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "example", "50ms");
 * const words: ActorRef<string> = ssc.actorRef("words");
 * void words.tell("to be");
 * assert.deepEqual([words.name, words.waiting], ["words", 1]);
 * await ssc.stop();
 * ```
 */
export class ActorRef<M> {
  /** The name it was given to `actorStream` under. */
  readonly name: string;
  readonly #letters: Letter<M>[] = [];
  #arrived: (() => void) | undefined;

  /** Made by `actorStream` and `actorRef`. */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * Sends a message. Nothing bounds how many may wait: whoever sends faster than the actor works waits for the
   * promise, which resolves when the message was handled, well or not.
   */
  tell(message: M): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#letters.push({ message, handled: resolve });
    this.#arrived?.();
    return promise;
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#letters.length;
  }

  /** The next message, waited for until `signal` is aborted: then there is none. */
  async next(signal: AbortSignal): Promise<Letter<M> | undefined> {
    while (this.#letters.length === 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#arrived = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    }
    return signal.aborted ? undefined : this.#letters.shift();
  }
}
