import { unshippable } from "../../closure/index.ts";
import { type CallSite, captureCallSite } from "../../common/call-site.ts";
import { Duration, type DurationLike, Interval, type Time } from "../../common/time/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import { positiveMs } from "../duration-argument.ts";
import type { StreamingContext } from "../streaming-context.ts";
import { checkTaskFunction } from "./check-function.ts";
import type { DStream } from "./dstream.ts";
import type { Operator } from "./operator.ts";
import { sliceTimes } from "./slice.ts";
import type { StreamNode } from "./stream-node.ts";

/** What every stream has, whatever its records: where it belongs, how it is kept, how others derive from it. */
export abstract class StreamBase<T> {
  /** The context it was created with. */
  readonly context: StreamingContext;
  /** The machinery behind the stream, for connectors and tests. */
  readonly node: StreamNode<T>;

  static {
    Object.defineProperty(StreamBase.prototype, unshippable, {
      value: {
        what: "a DStream",
        advice: "Tasks see records only: join, union or transformWith the other stream.",
      },
    });
  }

  constructor(context: StreamingContext, node: StreamNode<T>) {
    this.context = context;
    this.node = node;
  }

  /** The context it was created with. */
  get ssc(): StreamingContext {
    return this.context;
  }

  /** The time between two RDDs of this stream. */
  get slideDuration(): Duration {
    return new Duration(this.node.slideMs);
  }

  /** The streams this one is computed from. */
  get dependencies(): readonly StreamNode<unknown>[] {
    return this.node.parents;
  }

  /**
   * A stream with an operator of your own, computed from this and other streams of the context.
   * @throws MR_STREAMING_STATE when the context has been started or stopped
   */
  abstract derive<U>(operator: Operator<U>, site?: CallSite): DStream<U>;

  /**
   * Keeps the RDDs of this stream; of a window, those of the stream it looks at.
   *
   * ```ts
   * import { StorageLevel, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).persist(StorageLevel.MEMORY_ONLY).foreachRDD(rdd => {
   *   assert.equal(rdd.getStorageLevel(), StorageLevel.MEMORY_ONLY);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param level default `MEMORY_ONLY_SER`
   * @throws MR_STREAMING_STARTED once the context was started
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_ONLY_SER): this {
    const { node } = this;
    for (const target of node.operator.persistTargets?.(node) ?? [node]) target.setStorageLevel(level);
    return this;
  }

  /**
   * `persist()` at its default level.
   *
   * ```ts
   * import { StorageLevel, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).cache().foreachRDD(rdd => {
   *   assert.equal(rdd.getStorageLevel(), StorageLevel.MEMORY_ONLY_SER);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  cache(): this {
    return this.persist();
  }

  /**
   * Checkpoints the RDDs of this stream every `interval`, a multiple of its slide; 5 to 10 slides are a good
   * choice. Persists the stream at `MEMORY_ONLY_SER`, whatever level it had.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import { mkdtempSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.checkpoint(mkdtempSync(`${tmpdir()}/checkpoint-`));
   * ssc.queueStream([[1]]).countByWindow("1s", "20ms").checkpoint("200ms").print();
   * await ssc.start();
   * await ssc.stop();
   * ```
   *
   * @throws MR_STREAMING_STARTED once the context was started
   */
  checkpoint(interval: DurationLike): this {
    const intervalMs = positiveMs(interval, "The checkpoint interval", "checkpoint");
    this.persist();
    this.node.setCheckpointInterval(intervalMs);
    return this;
  }

  /**
   * Names this stream for checkpoints. Streams that keep something from batch to batch are found again by a later
   * run of the program by this name, wherever it declares them; without, by their kind and position among those
   * of it.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "1s");
   * const counts = ssc.queueStream([["a"]]).countByValueAndWindow("1min", "1s").uid("counts");
   * assert.equal(counts.node.id, "counts");
   * await ssc.stop();
   * ```
   *
   * @param uid unique among the streams of the context; MR_STREAMING_CHECKPOINT at the start otherwise
   * @throws MR_STREAMING_STATE once the context was started
   */
  uid(uid: string): this {
    this.node.setUid(uid);
    return this;
  }

  /**
   * The RDD of the batch at `time`, made now unless it is remembered; `undefined` when there is none.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const numbers = ssc.queueStream([[1, 2]]);
   * numbers.foreachRDD((rdd, time) => {
   *   assert.equal(numbers.compute(time), rdd);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @param time a batch time; milliseconds when it is a number
   * @throws MR_STREAMING_NOT_STARTED before the context was started
   */
  compute(time: Time | number): RDD<T> | undefined {
    return this.node.getOrCompute(Number(time));
  }

  /**
   * The RDDs of the batches in an interval, or from one time to another, both included; times are moved down
   * to a batch of this stream. Batches not made yet are made now.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const numbers = ssc.queueStream([[1], [2]]);
   * ssc.remember("10s");
   * numbers.foreachRDD((_, time) => {
   *   const both = numbers.slice(time.milliseconds - 20, time);
   *   if (both.length === 2) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   *
   * @throws MR_STREAMING_NOT_STARTED before the context was started
   */
  slice(interval: Interval): RDD<T>[];
  slice(from: Time | number, to: Time | number): RDD<T>[];
  slice(from: Interval | Time | number, to?: Time | number): RDD<T>[] {
    const [fromMs, toMs] =
      from instanceof Interval
        ? [from.beginTime.milliseconds, from.endTime.milliseconds]
        : [Number(from), Number(to ?? from)];
    for (const timeMs of [fromMs, toMs]) {
      if ((timeMs - this.node.zeroMs) % this.node.slideMs === 0) continue;
      const { log } = this.context;
      log.warn(`slice: ${timeMs} ms is not a batch time of this stream; the one before it is meant`);
    }
    return sliceTimes(this.node, fromMs, toMs)
      .map(timeMs => this.node.getOrCompute(timeMs))
      .filter(rdd => rdd !== undefined);
  }

  /** The user's place in the program, after checking a function that will run in tasks. */
  protected checkedSite(operator: string, ...functions: readonly unknown[]): CallSite {
    const site = captureCallSite(operator);
    for (const fn of functions) checkTaskFunction(fn, operator, site, this.context.log);
    return site;
  }
}
