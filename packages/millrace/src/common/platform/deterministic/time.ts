import { type MillraceError, millraceError } from "../../errors/index.ts";
import type { Clock, Timer, Timers } from "../platform.ts";
import { TimerQueue } from "../timer-queue.ts";
import { whenScheduled } from "../when-scheduled.ts";
import type { TurnQueue } from "./turns.ts";

/** A clock that moves only by `advance`, and the timers that go by it. */
export class SimulatedTime implements Clock, Timers {
  readonly #turns: TurnQueue;
  readonly #timers = new TimerQueue();
  readonly #startMs: number;
  #nowMs: number;
  /** Moves of the clock wait for each other. */
  #moving: Promise<void> = Promise.resolve();

  constructor(turns: TurnQueue, startMs: number) {
    this.#turns = turns;
    this.#startMs = startMs;
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    if (delayMs > 0) return this.#timers.add(this.#nowMs + delayMs, callback);
    let isCancelled = false;
    this.#turns.add(() => {
      if (!isCancelled) callback();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return whenScheduled(callback => this.schedule(delayMs, callback), signal);
  }

  yieldTurn(): Promise<void> {
    return new Promise(resolve => this.#turns.add(resolve));
  }

  /** Lets `ms` pass: every timer due runs at its time, the program comes to rest in between. */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw millraceError("MR_BAD_ARGUMENT", `Time advances by 0 ms or more, not ${ms}`);
    return this.#exclusively(async () => {
      const targetMs = this.#nowMs + ms;
      while (await this.#step(targetMs));
      this.#nowMs = targetMs;
    });
  }

  /** Lets time pass until `promise` is settled, and answers as it does. */
  runUntilSettled<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    return this.#exclusively(async () => {
      const targetMs = this.#nowMs + limitMs;
      await this.#turns.rest();
      while (!isSettled) {
        if (this.#turns.isStopped) throw crashed(this.#nowMs);
        if (await this.#step(targetMs)) await this.#turns.rest();
        else if (!isSettled) throw stuck(this.#nowMs, limitMs);
      }
      return promise;
    });
  }

  /** Brings the program to rest, then runs the next timer if it is due by `limitMs`; false when there is none. */
  async #step(limitMs: number): Promise<boolean> {
    await this.#turns.rest();
    const dueMs = this.#turns.isStopped ? undefined : this.#timers.nextDueMs;
    if (dueMs === undefined || dueMs > limitMs) return false;
    this.#nowMs = dueMs;
    const callback = this.#timers.takeDue(dueMs);
    if (callback !== undefined) this.#turns.add(callback);
    return true;
  }

  #exclusively<T>(move: () => Promise<T>): Promise<T> {
    const moved = this.#moving.then(move);
    this.#moving = moved.then(
      () => {},
      () => {},
    );
    return moved;
  }
}

function crashed(nowMs: number): MillraceError {
  return millraceError("MR_SIMULATION", `The simulated process crashed at ${nowMs} ms`, {
    hint: "What it promised will not come: look at what its disk holds, and start it again on that disk.",
  });
}

function stuck(nowMs: number, limitMs: number): MillraceError {
  return millraceError(
    "MR_SIMULATION",
    `At ${nowMs} ms nothing due within ${limitMs} ms is left to wait for`,
    {
      hint: "The promise waits for something that no timer, file or connection of the simulation will bring.",
    },
  );
}
