import { millraceError } from "../common/errors/index.ts";
import { StorageLevel } from "../plan/index.ts";
import { ActorReceiver, defaultStrategy, type SupervisorStrategy } from "./actor/actor-receiver.ts";
import { ActorRef } from "./actor/actor-ref.ts";
import type { StreamActor } from "./actor/stream-actor.ts";
import type { DStream } from "./dstream/dstream.ts";
import { FileInputs } from "./file-inputs.ts";
import { type ReceiverBooks, receiverInput } from "./input/receiver-input.ts";
import { checkSocket } from "./input/socket-address.ts";
import { ConvertedSocketReceiver, type SocketConverter } from "./receiver/converted-socket-receiver.ts";
import { IterableReceiver } from "./receiver/iterable-receiver.ts";
import { RawReceiver } from "./receiver/raw-receiver.ts";
import { Receiver } from "./receiver/receiver.ts";
import type { ReceiverInput, ReceiverTracker } from "./receiver/receiver-tracker.ts";
import { SocketReceiver } from "./receiver/socket-receiver.ts";
import type { StreamingContext } from "./streaming-context.ts";

/** The inputs that receive: sockets, actors, receivers of one's own. */
export abstract class ReceiverInputs extends FileInputs {
  protected readonly receivers: ReceiverInput[] = [];
  readonly #actors = new Set<string>();
  readonly #mailboxes = new Map<string, ActorRef<unknown>>();

  /** Runs the receivers, once the context has started. */
  protected abstract get tracker(): ReceiverTracker | undefined;

  /**
   * Lines of UTF-8 text from a TCP server; connects when the context starts, and again whenever the
   * connection fails or ends.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { createServer } from "node:net";
   * const server = createServer(socket => socket.end("to be\nor not\n")).listen(0, "127.0.0.1");
   * await new Promise(resolve => server.once("listening", resolve));
   * const address = server.address();
   * const port = typeof address === "object" && address !== null ? address.port : 0;
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const seen: string[] = [];
   * ssc.socketTextStream("127.0.0.1", port).foreachRDD(async rdd => {
   *   seen.push(...(await rdd.collect()));
   *   if (seen.length === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * server.close();
   * assert.deepEqual(seen, ["to be", "or not"]);
   * ```
   *
   * @param port an integer from 1 to 65535
   * @throws MR_BAD_ARGUMENT
   */
  socketTextStream(
    this: StreamingContext,
    host: string,
    port: number,
    storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2,
  ): DStream<string> {
    checkSocket("socketTextStream", host, port);
    const receiver = new SocketReceiver({ network: this.platform.network, host, port }, storageLevel);
    return this.receiving(receiver, "socketTextStream", "Socket stream");
  }

  /**
   * What `converter` makes of the bytes of a TCP server: an async generator that is given the chunks of one
   * connection as they come and ends when they end. Connects as `socketTextStream` does; a converter that throws
   * is a connection that fails.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { createServer } from "node:net";
   * const server = createServer(socket => socket.end(Uint8Array.of(1, 2, 3))).listen(0, "127.0.0.1");
   * await new Promise(resolve => server.once("listening", resolve));
   * const address = server.address();
   * const port = typeof address === "object" && address !== null ? address.port : 0;
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const seen: number[] = [];
   * const bytes = ssc.socketStream("127.0.0.1", port, async function* (chunks) {
   *   for await (const chunk of chunks) yield* chunk;
   * });
   * bytes.foreachRDD(async rdd => {
   *   seen.push(...(await rdd.collect()));
   *   if (seen.length === 3) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * server.close();
   * assert.deepEqual(seen, [1, 2, 3]);
   * ```
   *
   * @param port an integer from 1 to 65535
   * @throws MR_BAD_ARGUMENT
   */
  socketStream<T>(
    this: StreamingContext,
    host: string,
    port: number,
    converter: SocketConverter<T>,
    storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2,
  ): DStream<T> {
    checkSocket("socketStream", host, port);
    if (typeof converter !== "function") {
      throw millraceError("MR_BAD_ARGUMENT", "socketStream needs a converter", { operator: "socketStream" });
    }
    const source = { network: this.platform.network, host, port };
    const receiver = new ConvertedSocketReceiver(source, converter, storageLevel);
    return this.receiving(receiver, "socketStream", "Socket stream");
  }

  /**
   * Records that come encoded from a TCP server, and are decoded where they are processed: frames of four bytes of
   * length, big endian, and the bytes of `encodeRecords`. How many records came is not known. `startRawTextSender`
   * and `encodeRecords` are the other side.
   *
   * ```ts
   * import { encodeRecords, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { createServer } from "node:net";
   * const records = encodeRecords([{ id: 1 }, { id: 2 }]);
   * const length = new Uint8Array(4);
   * new DataView(length.buffer).setInt32(0, records.length);
   * const server = createServer(socket => socket.end(Buffer.concat([length, records]))).listen(0, "127.0.0.1");
   * await new Promise(resolve => server.once("listening", resolve));
   * const address = server.address();
   * const port = typeof address === "object" && address !== null ? address.port : 0;
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const seen: number[] = [];
   * ssc.rawSocketStream<{ id: number }>("127.0.0.1", port).map(({ id }) => id).foreachRDD(async rdd => {
   *   seen.push(...(await rdd.collect()));
   *   if (seen.length === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * server.close();
   * assert.deepEqual(seen, [1, 2]);
   * ```
   *
   * @param port an integer from 1 to 65535
   * @throws MR_BAD_ARGUMENT
   */
  rawSocketStream<T>(
    this: StreamingContext,
    host: string,
    port: number,
    storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2,
  ): DStream<T> {
    checkSocket("rawSocketStream", host, port);
    const receiver = new RawReceiver<T>({ network: this.platform.network, host, port }, storageLevel);
    return this.receiving(receiver, "rawSocketStream", "Raw stream");
  }

  /**
   * What an actor stores. Messages for it are sent with `actorRef(name).tell(message)`, also before the start. An
   * actor that throws is replaced by a new one, which goes on with the next message; when that happens too often,
   * the receiver is restarted after its delay.
   *
   * ```ts
   * import { StreamActor, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * class Doubler extends StreamActor<number, number> {
   *   override receive(n: number) {
   *     return this.store(2 * n);
   *   }
   * }
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const seen: number[] = [];
   * ssc.actorStream(() => new Doubler(), "doubler").foreachRDD(async rdd => {
   *   seen.push(...(await rdd.collect()));
   *   if (seen.length === 2) void ssc.stop();
   * });
   * const doubler = ssc.actorRef<number>("doubler");
   * void doubler.tell(1);
   * void doubler.tell(2);
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen, [2, 4]);
   * ```
   *
   * @param create makes the actor, and each of its successors
   * @param name names its mailbox; unique in this context
   * @param strategy how often it may be replaced; default 10 times in 15 ms
   * @throws MR_BAD_ARGUMENT when the name is taken
   */
  actorStream<M, T>(
    this: StreamingContext,
    create: () => StreamActor<M, T>,
    name: string,
    storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2,
    strategy: Partial<SupervisorStrategy> = {},
  ): DStream<T> {
    if (this.#actors.has(name)) {
      throw millraceError("MR_BAD_ARGUMENT", `There is an actor named ${name} already`, {
        operator: "actorStream",
      });
    }
    this.#actors.add(name);
    const mailbox = this.actorRef<M>(name);
    const { clock } = this.platform;
    const receiver = new ActorReceiver(
      create,
      mailbox,
      clock,
      { ...defaultStrategy, ...strategy },
      storageLevel,
    );
    return this.receiving(receiver, "actorStream", "Actor stream");
  }

  /**
   * The mailbox of the actor of that name, which need not be there yet.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const words = ssc.actorRef<string>("words");
   * void words.tell("early");
   * assert.equal(words.waiting, 1);
   * await ssc.stop();
   * ```
   */
  actorRef<M>(name: string): ActorRef<M> {
    const found = this.#mailboxes.get(name) as ActorRef<M> | undefined;
    if (found !== undefined) return found;
    const made = new ActorRef<M>(name);
    this.#mailboxes.set(name, made as ActorRef<unknown>);
    return made;
  }

  /**
   * What a receiver stores, or an async iterable yields, such as a generator, a Node `Readable` or
   * `readline.createInterface`. An iterable that ends is at its end; one that fails is iterated anew after the
   * restart delay.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * async function* ticks() {
   *   for (let n = 1; n <= 3; n++) yield n;
   * }
   * const ssc = new StreamingContext("local", "example", "300ms");
   * ssc.receiverStream(ticks()).foreachRDD(async rdd => {
   *   if ((await rdd.count()) === 3) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.equal(ssc.getState(), "STOPPED");
   * ```
   *
   * @param storageLevel how what an iterable yields is kept; a receiver has its own
   */
  receiverStream<T>(
    this: StreamingContext,
    receiver: Receiver<T> | AsyncIterable<T>,
    storageLevel = StorageLevel.MEMORY_AND_DISK_SER_2,
  ): DStream<T> {
    const source = receiver instanceof Receiver ? receiver : new IterableReceiver(receiver, storageLevel);
    return this.receiving(source, "receiverStream", "Plugable input stream");
  }

  /** A stream of what a receiver stores. */
  protected receiving<T>(
    this: StreamingContext,
    receiver: Receiver<T>,
    kind: string,
    title: string,
  ): DStream<T> {
    return this.inputStream(kind, streamId => {
      this.receivers.push({ streamId, receiver });
      const books: ReceiverBooks = {
        inputInfo: this.inputInfo,
        blocksOf: (timeMs: number, id: number) => this.tracker?.blocksOf(timeMs, id) ?? [],
        updateRate: (id: number, rate: number) => this.tracker?.updateRate(id, rate),
        record: (id, timeMs) => this.tracker?.record(id, timeMs),
        restore: (id, state, earlier) => this.tracker?.restore(id, state, earlier),
      };
      return receiverInput<T>(this.sparkContext, streamId, books, title);
    });
  }
}
