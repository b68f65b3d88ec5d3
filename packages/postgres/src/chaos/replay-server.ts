import { createServer, type Socket } from "node:net";

/** A source that can be read again from any record: a client says where to begin, and gets a line per record. */
export class ReplayServer {
  readonly #records: string[] = [];
  readonly #clients = new Set<Socket>();
  readonly #server = createServer(client => {
    client.once("data", said => {
      for (let i = Number(said); i < this.#records.length; i++) client.write(this.#line(i));
      this.#clients.add(client);
    });
    client.on("error", () => client.destroy());
    client.once("close", () => this.#clients.delete(client));
  });

  /** Answers with its port. */
  listen(): Promise<number> {
    return new Promise(resolve =>
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
  }

  add(record: string): void {
    const position = this.#records.push(record) - 1;
    for (const client of this.#clients) client.write(this.#line(position));
  }

  close(): void {
    for (const client of this.#clients) client.destroy();
    this.#server.close();
  }

  #line(position: number): string {
    return `${position} ${this.#records[position]}\n`;
  }
}
