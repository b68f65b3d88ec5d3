import { type CallSite, captureCallSite } from "../common/call-site.ts";
import type { StreamClock } from "../common/clock/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Time } from "../common/time/index.ts";
import type { RDD, SparkContext } from "../rdd/index.ts";
import { checkDriverFunction } from "./dstream/check-function.ts";
import { DStream } from "./dstream/dstream.ts";
import type { DStreamGraph } from "./dstream/graph.ts";
import { transformed } from "./dstream/transformed.ts";
import { unioned } from "./dstream/unioned.ts";
import { constantInput } from "./input/constant-input.ts";
import type { InputOperator, InputReport, InputSource } from "./input/input-operator.ts";
import { type QueueItem, queueInput } from "./input/queue-input.ts";
import { InputInfoTracker } from "./scheduler/input-info-tracker.ts";
import type { StreamingSettings } from "./settings.ts";
import type { StreamingContext } from "./streaming-context.ts";

/** How a streaming context makes streams: of inputs of any kind, and of several streams. */
export abstract class StreamingInputs {
  /** The context that runs the batches' jobs; also `sc`. */
  abstract readonly sparkContext: SparkContext;
  /** The clock batches go by. */
  abstract readonly clock: StreamClock;
  /** All streams of this context, for connectors and tests. */
  abstract readonly graph: DStreamGraph;
  /** Where warnings and errors of streaming go. */
  abstract readonly log: Logger;
  protected abstract readonly settings: StreamingSettings;
  protected readonly inputInfo = new InputInfoTracker();

  /** Throws when nothing may be declared any more. */
  protected abstract assertOpen(operator: string, site: CallSite): void;

  /**
   * RDDs, or arrays of records, out of `queue`, to which more may be pushed at any time.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const seen: unknown[] = [];
   * ssc.queueStream([[1, 2], [3]]).foreachRDD(async rdd => {
   *   if (seen.push(await rdd.collect()) === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.deepEqual(seen.slice(0, 2), [[1, 2], [3]]);
   * ```
   *
   * @param oneAtATime take one per batch, or all that are there; default `true`
   * @param defaultRDD what a batch gets that finds nothing; default no records in one partition, `null` for no partition
   */
  queueStream<T>(
    this: StreamingContext,
    queue: QueueItem<T>[],
    oneAtATime = true,
    defaultRDD: QueueItem<T> | null = [],
  ): DStream<T> {
    return this.inputStream("queueStream", () =>
      queueInput(this.sparkContext, queue, oneAtATime, defaultRDD),
    );
  }

  /**
   * The same RDD in every batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.constantStream(ssc.sc.parallelize([1, 2])).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [1, 2]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  constantStream<T>(this: StreamingContext, rdd: RDD<T>): DStream<T> {
    return this.inputStream("constantStream", () => constantInput(rdd));
  }

  /**
   * An input of your own, for connectors: `create` is given the stream's id, and what listeners are told about
   * a batch by, and answers with what makes an RDD of each batch time.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const clockStream = ssc.inputStream("clock", (streamId, report) => ({
   *   title: "Clock stream",
   *   compute: timeMs => {
   *     report(timeMs, 1, { Description: `stream ${streamId} at ${timeMs}` });
   *     return ssc.sc.parallelize([timeMs]);
   *   },
   * }));
   * clockStream.foreachRDD(async rdd => {
   *   assert.equal((await rdd.first()) % 20, 0);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param kind the operation as the user wrote it, such as `kafkaStream`
   */
  inputStream<T>(
    this: StreamingContext,
    kind: string,
    create: (streamId: number, report: InputReport) => InputSource<T>,
  ): DStream<T> {
    const site = captureCallSite(kind);
    this.assertOpen(kind, site);
    const streamId = this.graph.inputs.length;
    const source = create(streamId, (timeMs, numRecords, metadata = {}) =>
      this.inputInfo.report(timeMs, { inputStreamId: streamId, numRecords, metadata }),
    );
    const operator: InputOperator<T> = {
      ...source,
      kind,
      parents: [],
      slideMs: this.graph.batchMs,
      streamId,
      name: `${source.title} [${streamId}]`,
    };
    const stream = new DStream(this, operator, site);
    this.graph.addInput(operator);
    return stream;
  }

  /**
   * The records of all streams, which must have the same slide.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.union([ssc.queueStream([[1]]), ssc.queueStream([[2]])]).foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), [1, 2]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @throws MR_BAD_ARGUMENT, MR_STREAMING_DURATION
   */
  union<T>(this: StreamingContext, streams: readonly DStream<T>[]): DStream<T> {
    const nodes = streams.map(stream => stream.node);
    return new DStream(this, unioned(this.sparkContext, nodes));
  }

  /**
   * Whatever `f` makes of the RDDs of all streams of a batch; see `DStream.transform`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const numbers = ssc.queueStream([[1]]);
   * const words = ssc.queueStream([["a"]]);
   * const both = ssc.transform([numbers, words], ([rdd, other]) => rdd.map(String).union(other));
   * both.foreachRDD(async rdd => {
   *   assert.deepEqual(await rdd.collect(), ["1", "a"]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @throws MR_BAD_ARGUMENT, MR_STREAMING_DURATION
   */
  transform<S extends readonly unknown[], R>(
    this: StreamingContext,
    streams: { readonly [I in keyof S]: DStream<S[I]> },
    f: (rdds: { readonly [I in keyof S]: RDD<S[I]> }, time: Time) => RDD<R>,
  ): DStream<R> {
    const site = captureCallSite("transform");
    checkDriverFunction(f, "transform", site);
    const nodes = streams.map((stream: DStream<unknown>) => stream.node);
    const operator = transformed("transform", nodes, (rdds, time) =>
      f(rdds as { readonly [I in keyof S]: RDD<S[I]> }, time),
    );
    return new DStream(this, operator, site);
  }
}
