import type { Clock } from "../../common/platform/platform.ts";
import type { Origin } from "../../plan/index.ts";
import { type AccumulatorUpdate, liveAccumulable } from "../../task/shared/index.ts";
import type { AccumulableInfo, JobProperties, StageInfo, TaskInfo } from "./events.ts";
import type { ListenerBus } from "./listener-bus.ts";

/** A stage to tell of. */
export interface StageIdentity {
  readonly id: number;
  readonly jobId: number;
  readonly rddId: number;
  readonly origin: Origin;
  readonly numTasks: number;
  readonly properties: JobProperties;
}

/** Tells listeners of stages and their tasks; costs next to nothing while nobody listens. */
export class StageEvents {
  readonly #bus: ListenerBus;
  readonly #clock: Clock;
  #lastTask = 0;

  constructor(bus: ListenerBus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#bus.isHeard;
  }

  /** Tells that a stage begins. */
  stage(identity: StageIdentity): StageTeller {
    const nextTask = () => {
      this.#lastTask += 1;
      return this.#lastTask;
    };
    return new StageTeller(this.#bus, this.#clock, identity, nextTask);
  }

  unpersisted(rddId: number): void {
    this.#bus.post({ kind: "unpersistRDD", rddId });
  }

  slotLost(slot: number, reason: string): void {
    if (!this.#bus.isHeard) return;
    const time = this.#clock.now();
    this.#bus.post({ kind: "executorRemoved", slot, time, reason });
    this.#bus.post({ kind: "executorAdded", slot, time });
  }
}

/** Tells of one stage. */
export class StageTeller {
  readonly #bus: ListenerBus;
  readonly #clock: Clock;
  readonly #jobId: number;
  readonly #stage: StageInfo;
  readonly #nextTask: () => number;
  readonly #accumulables = new Map<number, AccumulableInfo>();

  constructor(bus: ListenerBus, clock: Clock, identity: StageIdentity, nextTask: () => number) {
    this.#bus = bus;
    this.#clock = clock;
    this.#jobId = identity.jobId;
    this.#nextTask = nextTask;
    this.#stage = {
      stageId: identity.id,
      name: nameOf(identity.origin),
      numTasks: identity.numTasks,
      rddId: identity.rddId,
      submissionTime: clock.now(),
    };
    const { properties } = identity;
    bus.post({ kind: "stageSubmitted", jobId: this.#jobId, stage: this.#stage, properties });
  }

  /** Tells that a task got a slot; the answer is to be called when it has ended. */
  taskStarted(index: number, attempt: number, slot: number): (error?: unknown) => void {
    const { stageId } = this.#stage;
    const task: TaskInfo = {
      taskId: this.#nextTask(),
      index,
      attempt,
      slot,
      launchTime: this.#clock.now(),
    };
    this.#bus.post({ kind: "taskStart", stageId, task });
    return error => {
      const ended = { ...task, finishTime: this.#clock.now() };
      this.#bus.post({
        kind: "taskEnd",
        stageId,
        task: ended,
        ...(error === undefined ? {} : { error: asError(error) }),
      });
    };
  }

  /** Named accumulators that a task added to. */
  updated(updates: readonly AccumulatorUpdate[]): void {
    for (const { id } of updates) {
      const info = liveAccumulable(id);
      if (info !== undefined) this.#accumulables.set(id, info);
    }
  }

  ended(error?: unknown): void {
    const stage = {
      ...this.#stage,
      completionTime: this.#clock.now(),
      ...(error === undefined ? {} : { failureReason: asError(error).message }),
    };
    const accumulables = [...this.#accumulables.values()];
    this.#bus.post({ kind: "stageCompleted", jobId: this.#jobId, stage, accumulables });
  }
}

/** An operation with the user's line. */
export function nameOf({ operator, site }: Origin): string {
  return site === undefined ? operator : `${operator} at ${site.text}`;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
