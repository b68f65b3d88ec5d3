import { createServer, type Socket } from "node:net";

/*
 * `line-sender.ts [linesPerSecond]`: prints a port, and sends lines of 100 bytes to whoever connects to it; as
 * fast as they are read, or so many a second, each beginning with the time in milliseconds.
 */
const LINE_BYTES = 100;
const STEP_MS = 5;

const stamped = (): string => `${Date.now()} `.padEnd(LINE_BYTES - 1, "x");

function flood(socket: Socket): void {
  const block = Buffer.from(`${stamped()}\n`.repeat(10_000));
  const send = (): void => {
    while (socket.write(block)) {}
  };
  socket.on("drain", send);
  send();
}

function pace(socket: Socket, linesPerSecond: number): void {
  const start = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) * linesPerSecond) / 1000);
    if (due > sent) socket.write(`${stamped()}\n`.repeat(due - sent));
    sent = due;
  }, STEP_MS);
  socket.on("close", () => clearInterval(timer));
}

const linesPerSecond = Number(process.argv[2] ?? 0);
const server = createServer(socket => {
  socket.setNoDelay(true);
  socket.on("error", () => {});
  if (linesPerSecond === 0) flood(socket);
  else pace(socket, linesPerSecond);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? address.port : 0);
});
