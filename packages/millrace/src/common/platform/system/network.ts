import { connect, createServer, type Server, type Socket } from "node:net";
import { checkPort } from "../check-port.ts";
import { networkError } from "../io-error.ts";
import type { Connection, ConnectionHandlers, Listener, Network } from "../platform.ts";
import { systemTimers } from "./timers.ts";

/** How long a closing listener lets its connections send what was written. */
const closingGraceMs = 1000;

/** As many bytes are read at a time at most. */
const readBytes = 256 * 1024;

class SystemConnection implements Connection {
  readonly #socket: Socket;
  #closing = false;

  get isClosing(): boolean {
    return this.#closing;
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  /** `failure` names what an error of the socket means: a failed attempt to connect or a broken connection. */
  attach(handlers: ConnectionHandlers, failure: (cause: Error) => Error): void {
    const socket = this.#socket;
    let error: Error | undefined;
    socket.on("error", cause => {
      error = failure(cause);
    });
    socket.on("close", () => handlers.onClose(error));
  }

  write(bytes: Uint8Array | string): Promise<void> {
    const socket = this.#socket;
    if (this.#closing || socket.destroyed || socket.write(bytes)) return Promise.resolve();
    return new Promise(resolve => {
      const done = (): void => {
        socket.off("drain", done);
        socket.off("close", done);
        resolve();
      };
      socket.on("drain", done);
      socket.on("close", done);
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    // Not end(): a peer that never closes its side would keep the connection for ever.
    this.#socket.destroySoon();
  }
}

function connectTo(host: string, port: number, handlers: ConnectionHandlers): Connection {
  checkPort(port, 1);
  const place = `${host}:${port}`;
  // One piece of memory for everything that is read: nothing to allocate, and little to collect, per read.
  const onread = {
    buffer: Buffer.allocUnsafeSlow(readBytes),
    callback: (length: number, buffer: Uint8Array): boolean => {
      if (!connection.isClosing) handlers.onData(buffer.subarray(0, length));
      return true;
    },
  };
  const socket = connect({ host, port, onread });
  const connection = new SystemConnection(socket);
  let connected = false;
  socket.once("connect", () => {
    connected = true;
    // Such a socket has no "data" to listen for, which would make it flow, and flow it must to come to its end.
    if (!socket.isPaused()) socket.resume();
    if (!connection.isClosing) handlers.onConnect?.();
  });
  connection.attach(handlers, cause =>
    networkError(connected ? "go on reading from" : "connect to", place, cause),
  );
  return connection;
}

class SystemListener implements Listener {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  constructor(server: Server, port: number, sockets: Set<Socket>) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      const impatience = systemTimers.schedule(
        closingGraceMs,
        () => {
          for (const socket of this.#sockets) socket.destroy();
        },
        { unref: true },
      );
      this.#server.close(() => {
        impatience.cancel();
        resolve();
      });
      for (const socket of this.#sockets) socket.destroySoon();
    });
  }
}

function listen(
  port: number,
  onConnection: (connection: Connection) => ConnectionHandlers,
  host = "127.0.0.1",
): Promise<Listener> {
  checkPort(port, 0);
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const connection = new SystemConnection(socket);
    const place = `${socket.remoteAddress}:${socket.remotePort}`;
    const handlers = onConnection(connection);
    socket.on("data", bytes => {
      if (!connection.isClosing) handlers.onData(bytes);
    });
    connection.attach(handlers, cause => networkError("go on talking to", place, cause));
    handlers.onConnect?.();
  });
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => reject(networkError("listen on", `${host}:${port}`, cause));
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(
        new SystemListener(
          server,
          typeof address === "object" && address !== null ? address.port : port,
          sockets,
        ),
      );
    });
  });
}

/** The machine's TCP. */
export const systemNetwork: Network = { connect: connectTo, listen };
