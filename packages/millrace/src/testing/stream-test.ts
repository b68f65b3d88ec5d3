import type { DStream } from "../streaming/index.ts";
import type { Batch, Batches } from "./batches.ts";
import { type BatchMismatch, BatchMismatchError } from "./mismatch.ts";
import type { OutputBatch } from "./stream-outputs.ts";
import { type InputOptions, TestHarness, type TestHarnessOptions } from "./test-harness.ts";
import { listsEqual, multisetsEqual, valuesEqual } from "./values-equal.ts";

/** The streams of a tuple of record types. */
type StreamsOf<I extends readonly unknown[]> = { [K in keyof I]: DStream<I[K]> };

interface Input {
  readonly batches: Batches<unknown>;
  readonly options: InputOptions;
}

/** How outputs are compared. */
export interface ExpectOptions {
  /** Whether the order of records within a batch counts; default `false`. */
  readonly ordered?: boolean;
  /** How many batches to run; default as many as the longest input, and as the expected batches need. */
  readonly numBatches?: number;
}

/** What more can be asked of a table of expected batches. */
export interface RestartExpectation {
  /**
   * Runs the table once more, with the application stopped after every batch and started again from its
   * checkpoint: the batches must be the same.
   *
   * @throws as `expect`
   */
  alsoAfterRestartAtEveryBatch(): Promise<void>;
}

/**
 * Tests a pipeline by a table: what comes in batch by batch, the pipeline, what is expected batch by batch.
 * Time is virtual, so a test takes as long as its computation.
 *
 * ```ts
 * import { Seconds } from "millrace";
 * import { streamTest } from "millrace/testing";
 * // Set up: what an input brings in each batch, one second apart.
 * await streamTest({ interval: Seconds(1) })
 *   .input([["a b"], ["a"], []])
 *   // The pipeline under test: from the input to the stream to look at.
 *   .run(lines =>
 *     lines
 *       .flatMap(line => line.split(" "))
 *       .map(word => [word, 1])
 *       .reduceByKeyAndWindow((a, b) => a + b, Seconds(2)),
 *   )
 *   // Look: time moves batch by batch, each must produce these records, in any order.
 *   .expect([
 *     [["a", 1], ["b", 1]],
 *     [["a", 2], ["b", 1]],
 *     [["a", 1]],
 *   ])
 *   // And again, with the application restarted from its checkpoint after every batch.
 *   .alsoAfterRestartAtEveryBatch();
 * ```
 *
 * @param options `interval` (default 1 s), `master` (default `local`), `conf`, `partitions` of inputs
 *   (default 2) and the `seed` of all chance
 */
export function streamTest(options: TestHarnessOptions = {}): StreamTest<[]> {
  return new StreamTest(options, []);
}

/**
 * A test that still needs inputs or its pipeline. Made by `streamTest`.
 *
 * ```ts
 * import { streamTest } from "millrace/testing";
 * const table = streamTest({ partitions: 1 }).input([[1, 2], [3]]).input([[2], [3]]);
 * await table.run((left, right) => left.union(right)).expect([[1, 2, 2], [3, 3]], { ordered: true });
 * ```
 */
export class StreamTest<I extends readonly unknown[]> {
  readonly #options: TestHarnessOptions;
  readonly #inputs: readonly Input[];

  /** Made by `streamTest`. */
  constructor(options: TestHarnessOptions, inputs: readonly Input[]) {
    this.#options = options;
    this.#inputs = inputs;
  }

  /**
   * Adds an input, of which the pipeline gets a stream.
   *
   * @param batches its records batch by batch; `null` or `undefined` for a batch without an RDD; past the
   *   last all are empty
   */
  input<K, V>(batches: Batches<readonly [K, V]>, options?: InputOptions): StreamTest<[...I, [K, V]]>;
  input<T>(batches: Batches<T>, options?: InputOptions): StreamTest<[...I, T]>;
  input(batches: Batches<unknown>, options: InputOptions = {}): StreamTest<[...I, unknown]> {
    return new StreamTest(this.#options, [...this.#inputs, { batches, options }]);
  }

  /** The pipeline: from the inputs' streams to the stream to look at. It is built anew for every run. */
  run<R>(build: (...streams: StreamsOf<I>) => DStream<R>): StreamTestRun<R> {
    const length = Math.max(0, ...this.#inputs.map(({ batches }) => batches.length));
    return new StreamTestRun(this.#options, length, harness => {
      const streams = this.#inputs.map(({ batches, options }) => harness.addInput(batches, options).stream);
      return build(...(streams as StreamsOf<I>));
    });
  }
}

/**
 * A test ready to run. Made by `StreamTest.run`.
 *
 * ```ts
 * import assert from "node:assert";
 * import { streamTest } from "millrace/testing";
 * const run = streamTest().input([["b", "a"], ["c"]]).run(letters => letters.glom());
 * await run.expect([[["b"], ["a"]], [[], ["c"]]]);
 * assert.deepEqual(await run.outputs(), [[["b"], ["a"]], [[], ["c"]]]);
 * ```
 */
export class StreamTestRun<R> {
  readonly #options: TestHarnessOptions;
  readonly #inputBatches: number;
  readonly #build: (harness: TestHarness) => DStream<R>;

  /** Made by `StreamTest.run`. */
  constructor(
    options: TestHarnessOptions,
    inputBatches: number,
    build: (harness: TestHarness) => DStream<R>,
  ) {
    this.#options = options;
    this.#inputBatches = inputBatches;
    this.#build = build;
  }

  /**
   * Runs the table and compares what each batch produced with `batches`, by value. One entry for each slide
   * of the observed stream; `null` or `undefined` where it must have no RDD.
   *
   * @throws BatchMismatchError (MR_TEST_MISMATCH) when a batch differs; the error of a job when one fails
   */
  expect(batches: Batches<R>, options: ExpectOptions = {}): Promise<void> & RestartExpectation {
    const checked = this.#check(batches, options, false);
    const alsoAfterRestartAtEveryBatch = async (): Promise<void> => {
      await checked;
      await this.#check(batches, options, true);
    };
    return Object.assign(checked, { alsoAfterRestartAtEveryBatch });
  }

  async #check(batches: Batches<R>, options: ExpectOptions, restarts: boolean): Promise<void> {
    const { ordered = false, numBatches } = options;
    const { timed, slideMs, endMs } = await this.#run(numBatches, batches.length, restarts);
    const slides = Math.max(batches.length, Math.floor(endMs / slideMs));
    const recordsAt = new Map(timed.map(({ timeMs, records }) => [timeMs, records]));
    const actual: Batch<R>[] = Array.from({ length: slides }, (_, i) => recordsAt.get((i + 1) * slideMs));
    const equal = ordered ? listsEqual : multisetsEqual;
    const mismatches: BatchMismatch[] = [];
    for (const [i, records] of actual.entries()) {
      const expected = batches[i];
      const same = records && expected ? equal(records, expected, valuesEqual) : !records && !expected;
      if (!same) mismatches.push({ number: i + 1, timeMs: (i + 1) * slideMs, expected, actual: records });
    }
    if (mismatches.length === 0) return;
    throw new BatchMismatchError(mismatches, { actual, expected: batches }, { ordered, equal: valuesEqual });
  }

  /**
   * Runs the table and answers with the records of each RDD produced, to look at by hand.
   *
   * @param numBatches default as many as the longest input
   * @throws the error of a job when one fails
   */
  async outputs(numBatches?: number): Promise<readonly (readonly R[])[]> {
    return (await this.#run(numBatches, 0, false)).timed.map(({ records }) => records);
  }

  async #run(
    numBatches: number | undefined,
    expectedSlides: number,
    restarts: boolean,
  ): Promise<{
    readonly timed: readonly OutputBatch<R>[];
    readonly slideMs: number;
    readonly endMs: number;
  }> {
    let harness = new TestHarness(this.#options);
    try {
      let stream = this.#build(harness);
      let outputs = harness.outputs(stream);
      const slideMs = stream.slideDuration.milliseconds;
      const { batchMs } = harness.ssc.graph;
      const count = numBatches ?? Math.max(this.#inputBatches, (expectedSlides * slideMs) / batchMs);
      const endMs = count * batchMs;
      if (!restarts) {
        await harness.advanceBatch(count);
        return { timed: outputs.timed, slideMs, endMs };
      }
      const timed: OutputBatch<R>[] = [];
      for (let i = 1; i <= count; i++) {
        await harness.advanceBatch();
        timed.push(...outputs.timed);
        if (i === count) break;
        harness = await harness.restart();
        stream = this.#build(harness);
        outputs = harness.outputs(stream);
      }
      return { timed, slideMs, endMs };
    } finally {
      await harness.stop();
    }
  }
}
