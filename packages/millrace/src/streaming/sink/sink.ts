import type { Platform } from "../../common/platform/platform.ts";
import type { RDD } from "../../rdd/index.ts";

/** One batch as a sink sees it. */
export interface SinkBatch {
  /** The batch time, in milliseconds: the identity of the batch over all runs of the application. */
  readonly timeMs: number;
}

/** What a sink learns before the first batch of a run. */
export interface SinkRun {
  readonly platform: Platform;
  /** Stable over runs: the output's `uid`, or its position and kind. */
  readonly outputId: string;
  /** A directory for the sink's own books, below the checkpoint directory; `undefined` without one. */
  readonly directory: string | undefined;
}

/**
 * Where a stream is written, batch by batch, in two phases. For a batch come, in this order:
 * `begin`, `write`, `prepare`; then the batch log records the batch as done, durably; then `commit`. A batch
 * that fails is given to `abort`, and may begin again. Every call may be repeated after a crash.
 *
 * A crash before the record: the batch runs again from `begin` on the same input. A crash after it: `commit`
 * comes again, without the calls before it. So, to be exactly once, a sink does one of two things:
 *
 * * `prepare` makes the results durable and invisible, `commit` makes them visible (files and a manifest);
 * * `prepare` makes them visible in one transaction together with the batch time, `isCommitted` looks the time
 *   up, and `commit` has nothing to do (databases).
 */
export interface Sink<T> {
  /** For people: `files /out`. */
  readonly name: string;
  /** Called once, before everything else of a run. */
  open(run: SinkRun): Promise<void>;
  /** Whether results of this batch are visible already: then it is not written again. Default: never. */
  isCommitted?(batch: SinkBatch): Promise<boolean>;
  /** Forgets whatever an earlier attempt at this batch left behind. */
  begin(batch: SinkBatch): Promise<void>;
  /** Writes the records of the batch; called once per attempt. */
  write(rdd: RDD<T>, batch: SinkBatch): Promise<void>;
  /** Everything was written: makes it last. After this, `commit` must not fail for good. */
  prepare(batch: SinkBatch): Promise<void>;
  /** The batch is done: makes its results visible, if they are not. */
  commit(batch: SinkBatch): Promise<void>;
  /** The batch failed, or its run ended: removes what was written and not committed. */
  abort(batch: SinkBatch): Promise<void>;
  /** Called once, after everything else of a run. */
  close(): Promise<void>;
}

/**
 * The part of an output that takes part in the commit of batches: the batch log calls it, whatever the sink.
 * An output operation that has one writes and prepares in its job.
 */
export interface CommitParticipant {
  /** Where it writes, for people; no two outputs of a context have the same. */
  readonly name: string;
  /** Called once, before the first batch of a run. */
  open(run: SinkRun): Promise<void>;
  /**
   * The batch at `timeMs` is recorded as done. Called in the order of batches; on recovery once more for the
   * batches that may not have got so far.
   */
  commit(timeMs: number): Promise<void>;
  /** The batch at `timeMs` did not come to its end. */
  abort(timeMs: number): Promise<void>;
  /** Called once, after the last batch of a run. */
  close(): Promise<void>;
}
