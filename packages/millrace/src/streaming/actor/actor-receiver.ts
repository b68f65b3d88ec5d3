import type { Clock } from "../../common/platform/platform.ts";
import type { StorageLevel } from "../../plan/index.ts";
import { Receiver } from "../receiver/receiver.ts";
import type { ActorRef } from "./actor-ref.ts";
import { bindActor, type StreamActor } from "./stream-actor.ts";

/** How often an actor that throws is replaced at once. */
export interface SupervisorStrategy {
  /** Replacements within the time range; one more restarts the receiver, after its delay. Default 10. */
  readonly maxRestarts: number;
  /** In milliseconds; default 15. */
  readonly withinMs: number;
}

/** The strategy of `actorStream` unless it is given another. */
export const defaultStrategy: SupervisorStrategy = { maxRestarts: 10, withinMs: 15 };

/** Runs an actor and replaces it when it throws. */
export class ActorReceiver<M, T> extends Receiver<T> {
  readonly #create: () => StreamActor<M, T>;
  readonly #mailbox: ActorRef<M>;
  readonly #clock: Clock;
  readonly #strategy: SupervisorStrategy;
  #running = new AbortController();

  constructor(
    create: () => StreamActor<M, T>,
    mailbox: ActorRef<M>,
    clock: Clock,
    strategy: SupervisorStrategy,
    storageLevel: StorageLevel,
  ) {
    super(storageLevel);
    this.#create = create;
    this.#mailbox = mailbox;
    this.#clock = clock;
    this.#strategy = strategy;
  }

  override onStart(): void {
    this.#running = new AbortController();
    void this.#supervise(this.#running.signal);
  }

  override onStop(): void {
    this.#running.abort();
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    let failuresMs: number[] = [];
    while (!signal.aborted) {
      const error = await this.#run(signal);
      if (error === undefined || signal.aborted) return;
      const nowMs = this.#clock.monotonic();
      failuresMs = [...failuresMs.filter(ms => nowMs - ms < this.#strategy.withinMs), nowMs];
      if (failuresMs.length > this.#strategy.maxRestarts) {
        this.restart(`Actor ${this.#mailbox.name} failed too often`, error.cause);
        return;
      }
      this.reportError(`Actor ${this.#mailbox.name} failed and is replaced`, error.cause);
    }
  }

  /** One actor, until it throws or is not wanted any more. */
  async #run(signal: AbortSignal): Promise<{ readonly cause: unknown } | undefined> {
    let actor: StreamActor<M, T> | undefined;
    try {
      actor = this.#create();
      bindActor(actor, record => (signal.aborted ? Promise.resolve() : this.store(record)));
      await actor.preStart();
      for (;;) {
        const letter = await this.#mailbox.next(signal);
        if (letter === undefined) return undefined;
        try {
          await actor.receive(letter.message);
        } finally {
          letter.handled();
        }
      }
    } catch (cause) {
      return { cause };
    } finally {
      await this.#ended(actor);
    }
  }

  async #ended(actor: StreamActor<M, T> | undefined): Promise<void> {
    try {
      await actor?.postStop();
    } catch (error) {
      if (!this.isStopped()) this.reportError(`Actor ${this.#mailbox.name} failed in postStop`, error);
    }
  }
}
