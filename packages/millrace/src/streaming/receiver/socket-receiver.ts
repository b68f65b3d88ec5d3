import type { Connection, Network } from "../../common/platform/platform.ts";
import type { StorageLevel } from "../../plan/index.ts";
import { Receiver } from "./receiver.ts";
import { type Lines, TextLines } from "./text-lines.ts";

/** Reads lines of UTF-8 text from a TCP server; connects again whenever the connection fails or ends. */
export class SocketReceiver extends Receiver<string> {
  readonly #network: Network;
  readonly #host: string;
  readonly #port: number;
  #connection: Connection | undefined;

  constructor(network: Network, host: string, port: number, storageLevel: StorageLevel) {
    super(storageLevel);
    this.#network = network;
    this.#host = host;
    this.#port = port;
  }

  override onStart(): void {
    const lines = new TextLines();
    let isConnected = false;
    const isCurrent = (): boolean => this.#connection === connection && !this.isStopped();
    const connection = this.#network.connect(this.#host, this.#port, {
      onConnect: () => {
        isConnected = true;
      },
      onData: bytes => {
        if (isCurrent()) this.#take(connection, lines.push(bytes));
      },
      onClose: error => {
        if (!isCurrent()) return;
        this.#connection = undefined;
        if (!isConnected) {
          this.restart(`Error connecting to ${this.#host}:${this.#port}`, error);
          return;
        }
        this.#take(connection, lines.end());
        if (error === undefined) this.restart("Socket data stream had no more data");
        else this.restart("Error receiving data", error);
      },
    });
    this.#connection = connection;
  }

  override onStop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #take(connection: Connection, lines: Lines | undefined): void {
    if (lines === undefined) return;
    void this.storeLines(lines);
    const ready = this.whenReady();
    if (ready === undefined) return;
    connection.pause();
    void ready.then(() => connection.resume());
  }
}
