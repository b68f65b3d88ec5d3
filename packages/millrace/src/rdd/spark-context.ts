import { unshippable } from "../closure/index.ts";
import { SparkConf } from "../common/conf/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { FileSystems } from "../common/files/file-systems.ts";
import type { Platform } from "../common/platform/platform.ts";
import { systemPlatform } from "../common/platform/system/index.ts";
import { type PlanNode, type ReaderRef, source, union } from "../plan/index.ts";
import type { StoredBlock } from "../task/readers/block.ts";
import { checkSlices, FileSources } from "./context/file-sources.ts";
import { RDD } from "./rdd.ts";

/** What a context is made with beside its configuration. */
export interface SparkContextOptions {
  /** Clock, files, sockets and chance; default: the system's. Tests pass a deterministic one. */
  readonly platform?: Platform;
  /**
   * File systems beside the machine's, by the scheme of their paths: `{ memory: createMemoryFileSystem() }` for
   * `memory:///in/a.txt`. With one that does not say where threads load it (`loadedFrom`), all tasks run in this thread.
   */
  readonly fileSystems?: FileSystems;
}

/** The contexts that have not been stopped, newest last. */
const active: SparkContext[] = [];

/**
 * The door to an engine: makes RDDs and runs their actions.
 *
 * ```ts
 * import { SparkConf, SparkContext } from "millrace";
 * import assert from "node:assert";
 * const sc = new SparkContext(new SparkConf().setMaster("local").setAppName("sum"));
 * assert.equal(await sc.parallelize([1, 2, 3]).reduce((a, b) => a + b), 6);
 * await sc.stop();
 * ```
 */
export class SparkContext extends FileSources {
  #stopped: Promise<void> | undefined;

  static {
    Object.defineProperty(SparkContext.prototype, unshippable, {
      value: { what: "a SparkContext", advice: "Tasks cannot start jobs: use it on the driver only." },
    });
  }

  /**
   * @param conf needs a master and an application name; `spark.default.parallelism` and the like are read
   * @throws MR_MASTER_INVALID, MR_BAD_ARGUMENT
   */
  constructor(conf: SparkConf, options?: SparkContextOptions);
  constructor(master: string, appName: string, options?: SparkContextOptions);
  constructor(first: SparkConf | string, second?: string | SparkContextOptions, third?: SparkContextOptions) {
    const options = (typeof first === "string" ? third : (second as SparkContextOptions | undefined)) ?? {};
    const conf =
      typeof first === "string"
        ? new SparkConf().setMaster(first).setAppName(second as string)
        : first.clone();
    super(conf, options.platform ?? systemPlatform, options.fileSystems);
    active.push(this);
  }

  /**
   * The newest context that has not been stopped (its own configuration stays), or a new one.
   *
   * @param conf needs a master and an application name when a context has to be made
   * @throws MR_MASTER_INVALID, MR_BAD_ARGUMENT when a context has to be made and cannot
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkConf, SparkContext } from "millrace";
   * const conf = new SparkConf().setMaster("local").setAppName("getOrCreate");
   * const sc = SparkContext.getOrCreate(conf);
   * assert.equal(SparkContext.getOrCreate(conf), sc);
   * await sc.stop();
   * ```
   */
  static getOrCreate(conf: SparkConf, options?: SparkContextOptions): SparkContext {
    return active.at(-1) ?? new SparkContext(conf, options);
  }

  /** Whether `stop` was called. */
  override get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** `spark.default.parallelism`, or how many tasks the engine runs at once. */
  get defaultParallelism(): number {
    const configured = this.conf.getOption("spark.default.parallelism");
    return configured === undefined ? this.engine.parallelism : Number(configured);
  }

  /** Partitions of a text file at least: `defaultParallelism`, but no more than 2. */
  get defaultMinPartitions(): number {
    return Math.min(this.defaultParallelism, 2);
  }

  /**
   * An RDD of the values, cut into `numSlices` partitions of neighbours: partition i holds those from
   * ⌊i·length/n⌋ on. Later changes of the collection do not matter; its objects are not copied.
   *
   * @param numSlices how many partitions; default `defaultParallelism`
   * @throws MR_BAD_ARGUMENT unless `numSlices` is an integer of at least 1; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "parallelize");
   * assert.deepEqual(await sc.parallelize([1, 2, 3], 2).glom().collect(), [[1], [2, 3]]);
   * await sc.stop();
   * ```
   */
  parallelize<T>(values: Iterable<T>, numSlices: number = this.defaultParallelism): RDD<T> {
    checkSlices("parallelize", numSlices);
    const all = Array.from(values);
    const splits = slices(all.length, numSlices).map(({ from, to }) => ({ values: all.slice(from, to) }));
    return this.create(source(this.origin("parallelize"), { name: "values" }, splits));
  }

  /**
   * The same as `parallelize`.
   *
   * @param numSlices how many partitions; default `defaultParallelism`
   * @throws MR_BAD_ARGUMENT unless `numSlices` is an integer of at least 1; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "makeRDD");
   * assert.equal(await sc.makeRDD(["a", "b"]).count(), 2);
   * await sc.stop();
   * ```
   */
  makeRDD<T>(values: Iterable<T>, numSlices: number = this.defaultParallelism): RDD<T> {
    return this.parallelize(values, numSlices);
  }

  /**
   * The numbers from `start` up to, not including, `end`; computed where they are needed.
   *
   * @param step default 1; may be negative, not 0
   * @param numSlices how many partitions; default `defaultParallelism`
   * @throws MR_BAD_ARGUMENT unless all are finite numbers, `step` is not 0 and `numSlices` is an integer of
   * at least 1;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "range");
   * assert.deepEqual(await sc.range(0, 10, 4).collect(), [0, 4, 8]);
   * assert.deepEqual(await sc.range(3, 0, -1).collect(), [3, 2, 1]);
   * await sc.stop();
   * ```
   */
  range(start: number, end: number, step = 1, numSlices: number = this.defaultParallelism): RDD<number> {
    checkSlices("range", numSlices);
    if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isFinite(step) || step === 0) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `range(${start}, ${end}, ${step}) needs finite numbers and a step`,
      );
    }
    const count = Math.max(0, Math.ceil((end - start) / step));
    const splits = slices(count, numSlices).map(({ from, to }) => ({
      start: start + from * step,
      step,
      count: to - from,
    }));
    return this.create(source(this.origin("range"), { name: "range" }, splits));
  }

  /**
   * An RDD without partitions.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "emptyRDD");
   * assert.equal(await sc.emptyRDD<string>().count(), 0);
   * await sc.stop();
   * ```
   */
  emptyRDD<T = never>(): RDD<T> {
    return this.create(source(this.origin("emptyRDD"), { name: "values" }, []));
  }

  /**
   * What a reader reads: one partition per split. For connectors and input streams; a split is plain data, and
   * `reader` names the core's reader or the module and export of one, which is loaded where tasks run.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "fromReader");
   * const rdd = sc.fromReader<number>({ name: "values" }, [{ values: [1, 2] }, { values: [3] }]);
   * assert.deepEqual(await rdd.collect(), [1, 2, 3]);
   * await sc.stop();
   * ```
   */
  fromReader<T>(reader: ReaderRef, splits: readonly unknown[]): RDD<T> {
    return this.create(source(this.origin("fromReader"), reader, splits));
  }

  /**
   * All of them, one after the other; when they share a partitioner, partition by partition.
   *
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "union");
   * const numbers = sc.union([sc.parallelize([1]), sc.parallelize([2]), sc.emptyRDD<number>()]);
   * assert.deepEqual(await numbers.collect(), [1, 2]);
   * await sc.stop();
   * ```
   */
  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    return this.create(
      union(
        this.origin("union"),
        rdds.map(rdd => rdd.plan),
      ),
    );
  }

  /**
   * What receivers stored: one partition per block. Used by input streams.
   *
   * @param blocks records, or whole lines of UTF-8 bytes
   * @throws MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "blocks");
   * const stored = sc.blocks<number>([{ kind: "values", values: [1, 2] }, { kind: "values", values: [3] }]);
   * assert.deepEqual(await stored.glom().collect(), [[1, 2], [3]]);
   * await sc.stop();
   * ```
   */
  blocks<T>(blocks: readonly StoredBlock[]): RDD<T> {
    return this.create(source(this.origin("blocks"), { name: "block" }, blocks));
  }

  /**
   * Gives up running jobs, which fail with MR_JOB_CANCELLED, and releases threads. May be called again.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "stop");
   * const job = sc.range(0, 1e15).count();
   * await Promise.all([assert.rejects(job, { code: "MR_JOB_CANCELLED" }), sc.stop()]);
   * assert.equal(sc.isStopped, true);
   * ```
   */
  stop(): Promise<void> {
    if (this.#stopped === undefined) {
      const position = active.indexOf(this);
      if (position >= 0) active.splice(position, 1);
      this.#stopped = this.shutDown();
    }
    return this.#stopped;
  }

  /** `await using sc = new SparkContext(…)` stops it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  protected override create<T>(node: PlanNode): RDD<T> {
    return new RDD<T>(this, node);
  }
}

/** Part i of n is elements ⌊i·length/n⌋ to ⌊(i+1)·length/n⌋ (exclusive). */
function slices(length: number, count: number): { readonly from: number; readonly to: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    from: Math.floor((i * length) / count),
    to: Math.floor(((i + 1) * length) / count),
  }));
}
