import type { Connection, Network } from "../../common/platform/platform.ts";
import type { StorageLevel } from "../../plan/index.ts";
import { Receiver } from "./receiver.ts";

/** Where a receiver connects to. */
export interface TcpSource {
  readonly network: Network;
  readonly host: string;
  readonly port: number;
}

/** What is made of the bytes of one connection. */
export interface ByteConsumer {
  /** Takes the next bytes, valid during the call only; answers a promise when it needs time before the next. */
  take(bytes: Uint8Array): Promise<void> | undefined;
  /** The stream of bytes has come to its end. */
  end(): void | Promise<void>;
  /** Nothing follows and nothing is wanted any more. */
  cancel?(): void;
}

/**
 * Reads bytes from a TCP server, connecting again whenever the connection fails or ends. Stops reading while
 * what it read cannot be taken, so that TCP slows the sender down.
 */
export abstract class TcpReceiver<T> extends Receiver<T> {
  readonly #source: TcpSource;
  #connection: Connection | undefined;
  #consumer: ByteConsumer | undefined;

  constructor(source: TcpSource, storageLevel: StorageLevel) {
    super(storageLevel);
    this.#source = source;
  }

  /** A consumer for a new connection; `fail` gives the connection up because of an error. */
  protected abstract consume(fail: (error: unknown) => void): ByteConsumer;

  override onStart(): void {
    const { network, host, port } = this.#source;
    let isConnected = false;
    const isCurrent = (): boolean => this.#connection === connection && !this.isStopped();
    const fail = (error: unknown): void => {
      if (isCurrent()) this.restart("Error receiving data", error);
    };
    const consumer = this.consume(fail);
    this.#consumer = consumer;
    const connection = network.connect(host, port, {
      onConnect: () => {
        isConnected = true;
      },
      onData: bytes => {
        if (!isCurrent()) return;
        const taken = attempt(() => consumer.take(bytes), fail);
        if (taken === undefined) return;
        connection.pause();
        taken.then(() => connection.resume(), fail);
      },
      onClose: async error => {
        if (!isCurrent()) return;
        this.#connection = undefined;
        if (!isConnected) {
          this.restart(`Error connecting to ${host}:${port}`, error);
          return;
        }
        try {
          await consumer.end();
        } catch (failure) {
          this.restart("Error receiving data", failure);
          return;
        }
        if (error === undefined) this.restart("Socket data stream had no more data");
        else this.restart("Error receiving data", error);
      },
    });
    this.#connection = connection;
  }

  override onStop(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#consumer?.cancel?.();
    this.#consumer = undefined;
  }
}

function attempt<R>(act: () => R, fail: (error: unknown) => void): R | undefined {
  try {
    return act();
  } catch (error) {
    fail(error);
    return undefined;
  }
}
