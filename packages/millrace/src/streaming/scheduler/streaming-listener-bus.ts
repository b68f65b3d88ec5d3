import type { Logger } from "../../common/log/index.ts";
import type { StreamingEvent, StreamingListener } from "./streaming-listener.ts";

/** Tells listeners about events, in order and outside of the code that posts them. */
export class StreamingListenerBus {
  readonly #listeners = new Set<StreamingListener>();
  readonly #log: Logger;
  #waiting: StreamingEvent[] = [];
  #delivery: Promise<void> | undefined;
  #delivering = false;
  #open = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Whether a listener's callback is running right now. */
  get isDelivering(): boolean {
    return this.#delivering;
  }

  /** Whether an event would reach anyone: the details of one that does not need not be gathered. */
  get isHeard(): boolean {
    return this.#open && this.#listeners.size > 0;
  }

  add(listener: StreamingListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: StreamingListener): void {
    this.#listeners.delete(listener);
  }

  /** Events before this are dropped. */
  start(): void {
    this.#open = true;
  }

  post(event: StreamingEvent): void {
    if (!this.isHeard) return;
    this.#waiting.push(event);
    this.#delivery ??= Promise.resolve().then(() => this.#deliver());
  }

  /** Resolves when what was posted so far is delivered. */
  async flush(): Promise<void> {
    while (this.#delivery !== undefined) await this.#delivery;
  }

  /** Delivers what waits; events after this are dropped. */
  async stop(): Promise<void> {
    this.#open = false;
    await this.flush();
  }

  #deliver(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#delivery = undefined;
    this.#delivering = true;
    try {
      for (const event of events) {
        for (const listener of this.#listeners) this.#tell(listener, event);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #tell(listener: StreamingListener, event: StreamingEvent): void {
    try {
      const answer = call(listener, event);
      // A callback may be an async function although its type says void.
      if (answer instanceof Promise) answer.catch(error => this.#failed(event, error));
    } catch (error) {
      this.#failed(event, error);
    }
  }

  #failed(event: StreamingEvent, error: unknown): void {
    this.#log.error(`A streaming listener failed on ${event.kind}`, error);
  }
}

function call(listener: StreamingListener, event: StreamingEvent): unknown {
  switch (event.kind) {
    case "streamingStarted":
      return listener.onStreamingStarted?.(event);
    case "receiverStarted":
      return listener.onReceiverStarted?.(event);
    case "receiverError":
      return listener.onReceiverError?.(event);
    case "receiverStopped":
      return listener.onReceiverStopped?.(event);
    case "batchSubmitted":
      return listener.onBatchSubmitted?.(event);
    case "batchStarted":
      return listener.onBatchStarted?.(event);
    case "batchCompleted":
      return listener.onBatchCompleted?.(event);
    case "outputOperationStarted":
      return listener.onOutputOperationStarted?.(event);
    case "outputOperationCompleted":
      return listener.onOutputOperationCompleted?.(event);
  }
}
