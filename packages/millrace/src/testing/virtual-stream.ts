import type { DStream, StreamingContext } from "../streaming/index.ts";
import type { Batch, Batches } from "./batches.ts";

/**
 * An input whose batches a test lays down by hand. Made by `TestHarness.addInput`.
 *
 * ```ts
 * import assert from "node:assert";
 * import { TestHarness } from "millrace/testing";
 * await using harness = new TestHarness();
 * const numbers = harness.addInput([[1, 2], [3]]);
 * const sums = harness.outputs(numbers.stream.reduce((a, b) => a + b));
 * await harness.advanceBatch(2);
 * numbers.push([10, 20]);
 * await harness.advanceBatch();
 * assert.deepEqual(sums.batches, [[3], [3], [30]]);
 * ```
 */
export class VirtualStream<T> {
  /** The stream itself: operations start here. */
  readonly stream: DStream<T>;
  readonly #batches: Batch<T>[];
  readonly #batchesBegun: () => number;

  /** Made by `TestHarness.addInput`. */
  constructor(context: StreamingContext, batches: Batches<T>, partitions: number) {
    const { sparkContext, graph, clock } = context;
    this.#batches = [...batches];
    this.#batchesBegun = () => Math.max(0, Math.floor((clock.now() - (graph.zeroMs ?? 0)) / graph.batchMs));
    this.stream = context.inputStream("virtualStream", () => ({
      title: "Virtual stream",
      compute: timeMs => {
        const index = (timeMs - (graph.zeroMs ?? 0)) / graph.batchMs - 1;
        const batch = index < this.#batches.length ? this.#batches[index] : [];
        return batch === null || batch === undefined
          ? undefined
          : sparkContext.parallelize(batch, partitions);
      },
    }));
  }

  /**
   * Lays down the records of the first batch that is still to come and has none laid down. Batches nobody
   * lays down are empty.
   *
   * @param batch `null` or `undefined`: the input has no RDD for that batch
   */
  push(batch: Batch<T>): void {
    while (this.#batches.length < this.#batchesBegun()) this.#batches.push([]);
    this.#batches.push(batch);
  }
}
