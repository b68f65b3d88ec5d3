import { connect, type Socket } from "node:net";
import { Receiver, StorageLevel } from "millrace";

/**
 * Receives from a `ReplayServer`, every record once: each block is stored with the position behind it, and after a
 * restart of any kind the server is asked to go on behind the last block that is safe.
 */
export class ReplayReceiver extends Receiver<string> {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    super(StorageLevel.MEMORY_AND_DISK_SER);
    this.#port = port;
  }

  override onStart(): void {
    const socket = connect(this.#port, "127.0.0.1");
    this.#socket = socket;
    void this.#receive(socket).then(
      () => this.#again(socket, "the connection was closed"),
      error => this.#again(socket, "it failed", error),
    );
  }

  override onStop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  async #receive(socket: Socket): Promise<void> {
    socket.write(String(this.lastMetadata?.["next"] ?? 0));
    let text = "";
    for await (const bytes of socket.setEncoding("utf8")) {
      if (socket !== this.#socket) return;
      text += bytes;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      const last = lines.at(-1);
      if (last === undefined) continue;
      const records = lines.map(line => line.slice(line.indexOf(" ") + 1));
      await this.storeBlock(records, { next: Number.parseInt(last, 10) + 1 });
    }
  }

  #again(socket: Socket, why: string, error?: unknown): void {
    if (socket === this.#socket) this.restart(why, error, 50);
  }
}
