import { StorageLevel } from "../plan/index.ts";
import type { DStream } from "./dstream/dstream.ts";
import { FileInputs } from "./file-inputs.ts";
import { type ReceiverBooks, receiverInput } from "./input/receiver-input.ts";
import { checkSocket } from "./input/socket-address.ts";
import { IterableReceiver } from "./receiver/iterable-receiver.ts";
import { Receiver } from "./receiver/receiver.ts";
import type { ReceiverInput, ReceiverTracker } from "./receiver/receiver-tracker.ts";
import { SocketReceiver } from "./receiver/socket-receiver.ts";
import type { StreamingContext } from "./streaming-context.ts";

/** The inputs that receive: sockets, actors, receivers of one's own. */
export abstract class ReceiverInputs extends FileInputs {
  protected readonly receivers: ReceiverInput[] = [];

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
    const receiver = new SocketReceiver(this.platform.network, host, port, storageLevel);
    return this.receiving(receiver, "socketTextStream", "Socket stream");
  }

  /**
   * What a receiver stores, or an async iterable yields.
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
   */
  receiverStream<T>(this: StreamingContext, receiver: Receiver<T> | AsyncIterable<T>): DStream<T> {
    const source = receiver instanceof Receiver ? receiver : new IterableReceiver(receiver);
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
