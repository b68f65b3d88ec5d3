import { millraceError } from "../../errors/index.ts";
import { checkPort } from "../check-port.ts";
import { networkError } from "../io-error.ts";
import type { Connection, ConnectionHandlers, Listener, Network } from "../platform.ts";
import { Endpoint } from "./endpoint.ts";
import type { TurnQueue } from "./turns.ts";

const localNames = new Set(["localhost", "127.0.0.1", "::1", "0.0.0.0", "simulated"]);

interface ListeningPort {
  readonly onConnection: (connection: Connection) => ConnectionHandlers;
  readonly accepted: Set<Endpoint>;
}

/** TCP between the parts of one program: what is written arrives in order, a chunk a turn. */
export class SimulatedNetwork implements Network {
  readonly #turns: TurnQueue;
  readonly #ports = new Map<number, ListeningPort>();
  #nextFreePort = 49152;

  constructor(turns: TurnQueue) {
    this.#turns = turns;
  }

  connect(host: string, port: number, handlers: ConnectionHandlers): Connection {
    checkPort(port, 1);
    const [near, far] = Endpoint.pair(this.#turns);
    this.#turns.add(() => {
      const listening = this.#ports.get(port);
      const place = `${host}:${port}`;
      if (!localNames.has(host) || listening === undefined) {
        const reason = localNames.has(host)
          ? `connect ECONNREFUSED ${place}`
          : `getaddrinfo ENOTFOUND ${host}`;
        near.attach(handlers);
        near.end(networkError("connect to", place, reason));
        return;
      }
      listening.accepted.add(far);
      const farHandlers = listening.onConnection(far);
      far.attach({
        onData: bytes => farHandlers.onData(bytes),
        onClose: error => {
          listening.accepted.delete(far);
          farHandlers.onClose(error);
        },
      });
      farHandlers.onConnect?.();
      near.attach(handlers);
      if (!near.isClosed) handlers.onConnect?.();
    });
    return near;
  }

  async listen(
    port: number,
    onConnection: (connection: Connection) => ConnectionHandlers,
    host = "127.0.0.1",
  ): Promise<Listener> {
    checkPort(port, 0);
    const taken = port === 0 ? this.#freePort() : port;
    if (this.#ports.has(taken)) {
      throw networkError(
        "listen on",
        `${host}:${taken}`,
        `listen EADDRINUSE: address already in use ${host}:${taken}`,
      );
    }
    const listening: ListeningPort = { onConnection, accepted: new Set() };
    this.#ports.set(taken, listening);
    await this.#turn();
    return {
      port: taken,
      close: async () => {
        if (this.#ports.get(taken) === listening) this.#ports.delete(taken);
        for (const connection of [...listening.accepted]) connection.close();
        await this.#turn();
      },
    };
  }

  #turn(): Promise<void> {
    return new Promise(resolve => this.#turns.add(resolve));
  }

  #freePort(): number {
    for (let tries = 0; tries < 16384; tries++) {
      const port = this.#nextFreePort;
      this.#nextFreePort = port === 65535 ? 49152 : port + 1;
      if (!this.#ports.has(port)) return port;
    }
    throw millraceError("MR_NETWORK", "No free port is left");
  }
}
