import type { Operator } from "../dstream/operator.ts";

/** A stream without parents: where data comes in. */
export interface InputOperator<T> extends Operator<T> {
  readonly parents: readonly [];
  /** Counts all inputs of a context from 0. */
  readonly streamId: number;
  /** For people: `Socket stream [0]`. */
  readonly name: string;
  /** Called once when the context starts, with the zero time in milliseconds. */
  start?(zeroMs: number): void;
  /** Called once when the context stops. */
  stop?(): void;
  /**
   * What the batch at `timeMs` reads, as plain JSON data: offsets, paths, block ids. Asked once, after its RDD
   * was made, and recorded durably before the batch runs. An input without it answers for itself: `compute`
   * gives the same records for the same time, in every run.
   */
  record?(timeMs: number): unknown;
  /**
   * An earlier run recorded this for the batch at `timeMs`: `compute` for that time must read exactly it.
   * Called before `start`, in the order of times, also for batches that are done and may be looked at again.
   */
  restore?(timeMs: number, recorded: unknown): void;
  /** Why its data cannot be had again by another run, for people; absent when it can. */
  readonly notRecoverable?: string;
}

/** What distinguishes one kind of input from another; the rest is the context's. */
export type InputSource<T> = Pick<
  InputOperator<T>,
  "compute" | "start" | "stop" | "forget" | "minRememberMs" | "record" | "restore" | "notRecoverable"
> & {
  /** For people, without the id: `Socket stream`. */
  readonly title: string;
};
