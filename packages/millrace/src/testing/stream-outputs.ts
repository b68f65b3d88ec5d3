import type { DStream } from "../streaming/index.ts";

/** One RDD of an observed stream. */
export interface OutputBatch<T> {
  /** The batch time, in milliseconds. */
  readonly timeMs: number;
  readonly records: readonly T[];
}

/**
 * What a stream has produced so far. Made by `TestHarness.outputs`; fills while batches run.
 *
 * ```ts
 * import assert from "node:assert";
 * import { TestHarness } from "millrace/testing";
 * await using harness = new TestHarness();
 * const doubled = harness.outputs(harness.addInput([[1], [2]]).stream.map(n => n * 2));
 * await harness.advanceBatch(2);
 * assert.deepEqual(doubled.batches, [[2], [4]]);
 * assert.deepEqual(doubled.timed[1], { timeMs: 2000, records: [4] });
 * ```
 */
export class StreamOutputs<T> {
  readonly #timed: OutputBatch<T>[] = [];

  /** Made by `TestHarness.outputs`: observing a stream is an output operation. */
  constructor(stream: DStream<T>) {
    stream.foreachRDD(async (rdd, time) => {
      this.#timed.push({ timeMs: time.milliseconds, records: await rdd.collect() });
    });
  }

  /** The records of every RDD so far, oldest first. A batch without an RDD is left out. */
  get batches(): readonly (readonly T[])[] {
    return this.#timed.map(({ records }) => records);
  }

  /** The same with batch times. */
  get timed(): readonly OutputBatch<T>[] {
    return this.#timed;
  }
}
