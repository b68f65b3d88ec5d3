import type { PlanNode, StorageLevel } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import type { StateForm } from "./state-form.ts";
import type { StreamNode } from "./stream-node.ts";

/**
 * What makes one kind of stream different from another, as data and functions. A stream asks it for the RDD
 * of a batch time once; everything else (remembering, persisting, clean-up) is the stream's.
 */
export interface Operator<T> {
  /** The operation as the user wrote it, such as `map`. */
  readonly kind: string;
  /** The streams it is computed from. */
  readonly parents: readonly StreamNode<unknown>[];
  /** Milliseconds between two RDDs. */
  readonly slideMs: number;
  /**
   * The RDD of the batch at `timeMs`, a valid time of this stream; `undefined` for none. `self` is the stream
   * asking, for operators that build on their own earlier results.
   */
  compute(timeMs: number, self: StreamNode<T>): RDD<T> | undefined;
  /** How its RDDs are kept from the start; default `StorageLevel.NONE`. */
  readonly storageLevel?: StorageLevel;
  /** How much longer than this stream its parents must remember, in milliseconds; default 0. */
  readonly windowMs?: number;
  /** Builds on its own earlier results without end: its lineage is cut and it needs a checkpoint directory. */
  readonly mustCheckpoint?: boolean;
  /** Milliseconds between checkpoints unless the user says otherwise; default a multiple of the slide of at least 10 s. */
  readonly defaultCheckpointMs?: number;
  /**
   * For streams whose RDDs show a version of a state (`StateViewNode`): the RDD of the batch at `timeMs` from what
   * was saved of it. `seed` has the state's partitions, as snapshots.
   */
  restoreState?(seed: PlanNode, timeMs: number, self: StreamNode<T>): RDD<T>;
  /** Of keyed state: the form of keys and states that the program declares. */
  readonly stateForm?: StateForm;
  /** The streams that `persist` means instead of this one. */
  persistTargets?(self: StreamNode<T>): readonly StreamNode<unknown>[];
  /** The least that must be remembered, in milliseconds, whatever the slide. */
  readonly minRememberMs?: number;
  /** Called when batches up to and including `timeMs` are forgotten. */
  forget?(timeMs: number): void;
}
