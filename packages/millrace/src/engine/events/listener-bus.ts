import type { Logger } from "../../common/log/index.ts";
import type { SparkListener, SparkListenerEvent } from "./events.ts";

/** Tells listeners about events of the engine, in order and outside of the code that posts them. */
export class ListenerBus {
  readonly #listeners = new Set<SparkListener>();
  readonly #log: Logger;
  #waiting: SparkListenerEvent[] = [];
  #delivery: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Whether an event would reach anyone: those who post need not make it up otherwise. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: SparkListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: SparkListener): void {
    this.#listeners.delete(listener);
  }

  post(event: SparkListenerEvent): void {
    if (!this.isHeard) return;
    this.#waiting.push(event);
    this.#delivery ??= Promise.resolve().then(() => this.#deliver());
  }

  /** Resolves when what was posted so far is delivered. */
  async flush(): Promise<void> {
    while (this.#delivery !== undefined) await this.#delivery;
  }

  #deliver(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#delivery = undefined;
    for (const event of events) for (const listener of this.#listeners) this.#tell(listener, event);
  }

  #tell(listener: SparkListener, event: SparkListenerEvent): void {
    try {
      for (const answer of [call(listener, event), listener.onEvent?.(event) as unknown]) {
        // A callback may be an async function although its type says void.
        if (answer instanceof Promise) answer.catch(error => this.#failed(event, error));
      }
    } catch (error) {
      this.#failed(event, error);
    }
  }

  #failed(event: SparkListenerEvent, error: unknown): void {
    this.#log.error(`A listener failed on ${event.kind}`, error);
  }
}

function call(listener: SparkListener, event: SparkListenerEvent): unknown {
  switch (event.kind) {
    case "applicationStart":
      return listener.onApplicationStart?.(event);
    case "applicationEnd":
      return listener.onApplicationEnd?.(event);
    case "jobStart":
      return listener.onJobStart?.(event);
    case "jobEnd":
      return listener.onJobEnd?.(event);
    case "stageSubmitted":
      return listener.onStageSubmitted?.(event);
    case "stageCompleted":
      return listener.onStageCompleted?.(event);
    case "taskStart":
      return listener.onTaskStart?.(event);
    case "taskEnd":
      return listener.onTaskEnd?.(event);
    case "unpersistRDD":
      return listener.onUnpersistRDD?.(event);
    case "executorAdded":
      return listener.onExecutorAdded?.(event);
    case "executorRemoved":
      return listener.onExecutorRemoved?.(event);
  }
}
