import { createServer } from "node:net";

/** A server that sends the same lines to everyone, again and again, as `nc -lk` with a patient typist would. */
export interface LineServer {
  readonly port: number;
  close(): void;
}

/** Listens on a free port and sends `lines` to each connection every 200 ms. */
export function serveLines(lines: readonly string[]): Promise<LineServer> {
  const text = lines.map(line => `${line}\n`).join("");
  const server = createServer(socket => {
    const timer = setInterval(() => socket.write(text), 200);
    socket.on("close", () => clearInterval(timer)).on("error", () => clearInterval(timer));
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ port, close: () => server.close() });
    });
  });
}
