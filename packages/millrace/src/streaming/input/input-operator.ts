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
   * What the batch at `timeMs` reads, as plain JSON data: offsets, paths, block ids; `undefined` for nothing. Asked
   * once, after its RDD was made, and recorded durably before the batch runs. An input without it answers for
   * itself: `compute` gives the same records for the same time, in every run.
   */
  record?(timeMs: number): unknown;
  /** What a later run must know beside that, as plain JSON data. Asked whenever a checkpoint is written. */
  saveState?(): unknown;
  /** Called before `start` when an earlier run is gone on with: `compute` must read what was recorded. */
  restore?(earlier: RestoredInput): void;
  /**
   * Takes no more than so many records a second from now on, a whole number of at least 1. Called by
   * back-pressure; an input without it is not limited.
   */
  setRate?(recordsPerSecond: number): void;
  /** Why no other run can go on with it, for people: recovery fails with this. Absent when one can. */
  readonly notRecoverable?: string;
}

/** What earlier runs recorded about an input. */
export interface RestoredInput {
  /** What `saveState` answered last; `undefined` when nothing. */
  readonly state: unknown;
  /** What batches read that run again or may be looked back at, oldest first; others read nothing. */
  readonly batches: readonly { readonly timeMs: number; readonly recorded: unknown }[];
  /** The newest batch of the earlier runs: what comes after it is new. */
  readonly lastMs: number;
}

/** What distinguishes one kind of input from another; the rest is the context's. */
export type InputSource<T> = Pick<
  InputOperator<T>,
  | "compute"
  | "start"
  | "stop"
  | "forget"
  | "minRememberMs"
  | "record"
  | "saveState"
  | "restore"
  | "setRate"
  | "notRecoverable"
> & {
  /** For people, without the id: `Socket stream`. */
  readonly title: string;
};

/**
 * Tells listeners what an input read for the batch at `timeMs`; at most once per batch.
 * @param numRecords at least 0; 0 when it is not known
 * @param metadata more about the input; `Description` is what a user interface shows
 */
export type InputReport = (
  timeMs: number,
  numRecords: number,
  metadata?: Readonly<Record<string, unknown>>,
) => void;
