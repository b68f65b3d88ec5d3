import type { AnyFunction } from "../../../closure/index.ts";
import type { StateMap } from "../state-map.ts";

/** What a rule makes of one batch, in one partition. */
export interface StateUpdate {
  /** By input: takes one pair of it. The inputs come one after the other. */
  readonly accept: readonly ((key: unknown, value: unknown) => void)[];
  /** Called after the last pair until it answers true; each call does a little, so that the event loop gets its turns. */
  finish(): boolean;
  /** What was emitted; complete when finished. */
  readonly emitted: readonly unknown[];
  /** The entries as a list, if that says more than the map; when finished. */
  readonly listed?: readonly unknown[] | undefined;
}

/** How one kind of stream updates its state. Everything it needs comes with the task: functions, and plain data. */
export interface StateRule<P> {
  /** Whether keys must be known in the order of their last update. */
  ordersByTime(params: P): boolean;
  /** Whether the stream shows all keys in every batch, so that they are better kept than made anew. */
  readonly keepsKeys: boolean;
  /** Begins a batch; the version is open. */
  start(map: StateMap, functions: readonly AnyFunction[], params: P): StateUpdate;
}

/** What all rules are told. */
export interface BatchTime {
  /** The time of the batch, in milliseconds. */
  readonly timeMs: number;
}

/** Entries looked at between two looks at the clock. */
export const SLICE_ENTRIES = 4096;

export const NOTHING: readonly unknown[] = [];

/** Whether a function gave an absent value: `undefined`, or `null` as programs from elsewhere say it. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
