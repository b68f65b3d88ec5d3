import type { Connection, ConnectionHandlers } from "../platform.ts";
import type { TurnQueue } from "./turns.ts";

/** How much may lie unread at the receiving end before the sender has to wait. */
const highWaterBytes = 64 * 1024;

/** One end of a simulated connection. What it receives lies in its inbox until a turn hands it over. */
export class Endpoint implements Connection {
  readonly #turns: TurnQueue;
  #peer: Endpoint | undefined;
  /** Absent until the connection is made. */
  #handlers: ConnectionHandlers | undefined;
  readonly #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  /** The peer's writes that wait for room in the inbox. */
  #waitingWrites: (() => void)[] = [];
  #isPaused = false;
  #isTurnPlanned = false;
  #isPeerClosed = false;
  #isEnded = false;
  isClosed = false;

  private constructor(turns: TurnQueue) {
    this.#turns = turns;
  }

  /** Both ends of a connection that is not made yet: what is written waits for `attach` at the other end. */
  static pair(turns: TurnQueue): [Endpoint, Endpoint] {
    const [near, far] = [new Endpoint(turns), new Endpoint(turns)];
    near.#peer = far;
    far.#peer = near;
    return [near, far];
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    this.#planTurn();
  }

  write(bytes: Uint8Array | string): Promise<void> {
    const peer = this.#peer;
    if (this.isClosed || peer === undefined || peer.isClosed) return Promise.resolve();
    // A copy, because the writer may use its bytes again as soon as this resolves.
    const chunk = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes.slice();
    if (chunk.length > 0) peer.#inbox.push(chunk);
    peer.#inboxBytes += chunk.length;
    peer.#planTurn();
    if (peer.#inboxBytes < highWaterBytes) return Promise.resolve();
    return new Promise(resolve => peer.#waitingWrites.push(resolve));
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#planTurn();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#planTurn();
    if (this.#peer === undefined) return;
    this.#peer.#isPeerClosed = true;
    this.#peer.#planTurn();
  }

  /** The connection is over, or was never made; tells the handlers once. */
  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.isClosed = true;
    this.#releaseWrites();
    // Whatever this end still waits to write will not be read any more.
    if (this.#peer !== undefined) this.#peer.#releaseWrites();
    this.#handlers?.onClose(error);
  }

  #planTurn(): void {
    if (this.#isTurnPlanned || this.#isEnded || this.#handlers === undefined) return;
    this.#isTurnPlanned = true;
    this.#turns.add(() => {
      this.#isTurnPlanned = false;
      this.#takeTurn();
    });
  }

  #takeTurn(): void {
    if (this.isClosed) {
      this.end();
      return;
    }
    if (this.#isPaused) return;
    const chunk = this.#inbox.shift();
    if (chunk === undefined) {
      if (this.#isPeerClosed) this.end();
      return;
    }
    this.#inboxBytes -= chunk.length;
    if (this.#inboxBytes < highWaterBytes) this.#releaseWrites();
    this.#planTurn();
    this.#handlers?.onData(chunk);
  }

  #releaseWrites(): void {
    const waiting = this.#waitingWrites;
    this.#waitingWrites = [];
    for (const resolve of waiting) resolve();
  }
}
