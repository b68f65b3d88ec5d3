import { millraceError } from "../../common/errors/index.ts";

/** Where an actor puts records. */
export type ActorStore<T> = (record: T) => Promise<void>;

let bind: <M, T>(actor: StreamActor<M, T>, store: ActorStore<T>) => void;

/**
 * Takes messages one at a time and stores records in the stream it was made for by `actorStream`. One that throws
 * is replaced by a new one, which goes on with the next message.
 *
 * ```ts
 * import { StreamActor, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * class Splitter extends StreamActor<string, string> {
 *   override async receive(line: string) {
 *     for (const word of line.split(" ")) await this.store(word);
 *   }
 * }
 * const ssc = new StreamingContext("local", "example", "50ms");
 * const seen: string[] = [];
 * ssc.actorStream(() => new Splitter(), "splitter").foreachRDD(async rdd => {
 *   seen.push(...(await rdd.collect()));
 *   if (seen.length === 4) void ssc.stop();
 * });
 * await ssc.start();
 * ssc.actorRef<string>("splitter").tell("to be or not");
 * await ssc.awaitTermination();
 * assert.deepEqual(seen, ["to", "be", "or", "not"]);
 * ```
 */
export abstract class StreamActor<M, T> {
  #store: ActorStore<T> | undefined;

  static {
    bind = (actor, store) => {
      actor.#store = store;
    };
  }

  /** Handles one message; the next one comes when the promise it may answer has resolved. */
  abstract receive(message: M): void | Promise<void>;

  /** Called before the first message. */
  preStart(): void | Promise<void> {}

  /** Called after the last message, also when this one is replaced. */
  postStop(): void | Promise<void> {}

  /**
   * Stores one record, as `Receiver.store`: wait for the promise before storing more.
   * @throws MR_RECEIVER before the actor is started
   */
  protected store(record: T): Promise<void> {
    if (this.#store !== undefined) return this.#store(record);
    throw millraceError("MR_RECEIVER", "An actor stores records when it runs, not in its constructor", {
      hint: "Use preStart() or receive().",
    });
  }
}

/** Gives an actor the stream its records go to. */
export { bind as bindActor };
