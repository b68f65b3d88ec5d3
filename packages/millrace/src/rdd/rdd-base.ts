import { unshippable } from "../closure/index.ts";
import { millraceError } from "../common/errors/index.ts";
import {
  becomeLocalCheckpoint,
  endsLineage,
  type Partitioner,
  type PlanNode,
  StorageLevel,
} from "../plan/index.ts";
import { describeLineage } from "./debug-string.ts";
import type { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";

/** What every RDD has, whatever its records: where it belongs, how it is computed and kept. */
export abstract class RDDBase {
  /** The context it belongs to; also `sparkContext`. */
  readonly context: SparkContext;
  /** How it is computed: plain data for the engine. */
  readonly plan: PlanNode;
  /** A name for people; none at first. */
  name: string | undefined;

  static {
    Object.defineProperty(RDDBase.prototype, unshippable, {
      value: {
        what: "an RDD",
        advice: "Tasks cannot use other RDDs: join them, or collect() the small one and capture the array.",
      },
    });
  }

  /** RDDs come from a `SparkContext` and from other RDDs. */
  constructor(context: SparkContext, plan: PlanNode) {
    this.context = context;
    this.plan = plan;
  }

  /** An RDD of the same context with a plan of your own, built on the plans of others. */
  abstract derive<U>(plan: PlanNode): RDD<U>;

  /** The context it belongs to; the same as `context`. */
  get sparkContext(): SparkContext {
    return this.context;
  }

  /** Unique in this process. */
  get id(): number {
    return this.plan.id;
  }

  /** Where keys are, when that is known. */
  get partitioner(): Partitioner | undefined {
    return this.plan.partitioner;
  }

  /**
   * Gives it a name for people. Answers the RDD itself.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setName");
   * assert.equal(sc.parallelize([1]).setName("ones").name, "ones");
   * await sc.stop();
   * ```
   */
  setName(name: string): this {
    this.name = name;
    return this;
  }

  /**
   * How many partitions it has.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getNumPartitions");
   * assert.equal(sc.parallelize([1, 2, 3], 2).getNumPartitions(), 2);
   * await sc.stop();
   * ```
   */
  getNumPartitions(): number {
    return this.plan.numPartitions;
  }

  /**
   * Keeps the partitions once they are computed, until `unpersist` or until the program lets go of the RDD. What is
   * kept in a thread that dies is computed again.
   *
   * @param level default `StorageLevel.MEMORY_ONLY`
   * @throws MR_STORAGE_LEVEL when it has another level already
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "persist");
   * const kept = sc.parallelize([1, 2, 3]).map(() => Math.random()).persist(StorageLevel.MEMORY_ONLY);
   * assert.deepEqual(await kept.collect(), await kept.collect());
   * await sc.stop();
   * ```
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_ONLY): this {
    // A local checkpoint keeps the only copy: memory, and disk for what does not fit, whatever level is asked for.
    if (this.plan.op === "localCheckpoint") return this;
    const current = this.plan.storageLevel;
    if (current.isValid && current !== level) {
      throw millraceError(
        "MR_STORAGE_LEVEL",
        "Cannot change storage level of an RDD after it was already assigned a level",
      );
    }
    this.plan.storageLevel = level;
    if (level.isValid) this.context.notePersistent(this);
    return this;
  }

  /**
   * `persist()`: keeps the partitions in memory once they are computed.
   *
   * @throws MR_STORAGE_LEVEL when it has another level already
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cache");
   * const kept = sc.parallelize([1, 2, 3]).map(() => Math.random()).cache();
   * assert.deepEqual(await kept.collect(), await kept.collect());
   * await sc.stop();
   * ```
   */
  cache(): this {
    return this.persist();
  }

  /**
   * Lets go of what is kept; the next action computes it again.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "unpersist");
   * const kept = sc.parallelize([1]).cache();
   * await kept.count();
   * assert.equal(kept.unpersist().getStorageLevel(), StorageLevel.NONE);
   * await sc.stop();
   * ```
   */
  unpersist(): this {
    this.plan.storageLevel = StorageLevel.NONE;
    this.context.unpersist(this.plan);
    return this;
  }

  /**
   * How it is kept; `StorageLevel.NONE` when it is not.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext, StorageLevel } from "millrace";
   * const sc = new SparkContext("local", "getStorageLevel");
   * assert.equal(sc.parallelize([1]).cache().getStorageLevel(), StorageLevel.MEMORY_ONLY);
   * await sc.stop();
   * ```
   */
  getStorageLevel(): StorageLevel {
    return this.plan.storageLevel;
  }

  /**
   * Marks it to be kept and, once all its partitions are computed, to forget how: for chains of RDDs that would grow
   * for ever. What memory has no room for goes to disk; what is kept is lost with the thread that keeps it. To be called
   * before the first action: what was kept until now is computed once more. Answers the RDD itself.
   *
   * @throws MR_CONTEXT_STOPPED
   * @throws MR_CHECKPOINT_LOST when an action needs a partition whose thread died
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "localCheckpoint");
   * let sum = sc.parallelize([1, 2]);
   * for (let round = 0; round < 3; round++) sum = sum.map(n => n + 1).localCheckpoint();
   * assert.deepEqual(await sum.collect(), [4, 5]);
   * await sc.stop();
   * ```
   */
  localCheckpoint(): this {
    this.context.assertRunning();
    if (endsLineage(this.plan)) return this;
    if (this.getStorageLevel().isValid) this.context.unpersist(this.plan);
    becomeLocalCheckpoint(this.plan);
    this.context.notePersistent(this);
    return this;
  }

  /**
   * The lineage as text, for people: operations with their lines, how many partitions they have, and indented
   * where a shuffle begins.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local[2]", "toDebugString");
   * const counts = sc.parallelize(["a"]).map(word => [word, 1]).reduceByKey((a, b) => a + b);
   * assert.match(counts.toDebugString(), /^\(2\) reduceByKey.*\n \+-\(2\) map.*\n {4}\| {2}parallelize/);
   * await sc.stop();
   * ```
   */
  toDebugString(): string {
    return describeLineage(this.plan);
  }
}
