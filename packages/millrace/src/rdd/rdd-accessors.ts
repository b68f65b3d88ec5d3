import { isShuffled, parentsOf } from "../plan/index.ts";
import { originOf } from "./lineage.ts";
import type { RDD } from "./rdd.ts";
import { RDDBase } from "./rdd-base.ts";
import { localPartition } from "./run-action.ts";

/** One part of an RDD's records, computed by one task. */
export interface Partition {
  /** From 0 on. */
  readonly index: number;
}

/** An RDD that another one is computed from. */
export interface Dependency {
  readonly rdd: RDD<unknown>;
  /** Whether each record has to be brought to its partition first; otherwise partitions are read where they are. */
  readonly isShuffle: boolean;
}

/** What can be asked of an RDD, and how it is saved so that it need not be computed again. */
export abstract class RDDAccessors<T> extends RDDBase {
  /**
   * Its partitions, in order.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "partitions");
   * assert.deepEqual(sc.parallelize([1, 2, 3], 2).partitions, [{ index: 0 }, { index: 1 }]);
   * await sc.stop();
   * ```
   */
  get partitions(): readonly Partition[] {
    return Array.from({ length: this.plan.numPartitions }, (_, index) => ({ index }));
  }

  /**
   * What it is computed from; nothing once it was checkpointed.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local[2]", "dependencies");
   * const words = sc.parallelize(["a", "b", "a"]).map(word => [word, 1]);
   * const [dependency] = words.reduceByKey((a, b) => a + b).dependencies;
   * assert.equal(dependency?.isShuffle, true);
   * assert.equal(dependency?.rdd.id, words.id);
   * await sc.stop();
   * ```
   */
  get dependencies(): readonly Dependency[] {
    const isShuffle = isShuffled(this.plan);
    return parentsOf(this.plan).map(parent => ({ rdd: this.derive<unknown>(parent), isShuffle }));
  }

  /**
   * The hosts that a partition is best computed on: none, as far as this process knows.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "preferredLocations");
   * const rdd = sc.parallelize([1]);
   * assert.deepEqual(rdd.partitions.map(partition => rdd.preferredLocations(partition)), [[]]);
   * await sc.stop();
   * ```
   */
  preferredLocations(_partition: Partition): readonly string[] {
    return [];
  }

  /**
   * The records of one partition, which one job computes when the first one is asked for.
   *
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "iterator");
   * const rdd = sc.parallelize([1, 2, 3, 4], 2);
   * const second: number[] = [];
   * for await (const n of rdd.iterator({ index: 1 })) second.push(n);
   * assert.deepEqual(second, [3, 4]);
   * await sc.stop();
   * ```
   */
  iterator(partition: Partition): AsyncGenerator<T, void, undefined> {
    return localPartition<T>(this, partition.index, originOf(this, "iterator"));
  }

  /**
   * Marks it to be saved in the directory of `sc.setCheckpointDir` after the first job that computes it, by a job of
   * its own; from then on it is read from there, and what it was computed from is let go. Persist it before, or it is
   * computed twice. Records are saved as `saveAsObjectFile` does.
   *
   * @throws MR_CHECKPOINT_DIR when there is no such directory; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "checkpoint");
   * const folder = mkdtempSync(`${tmpdir()}/checkpoint-`);
   * sc.setCheckpointDir(folder);
   * const squares = sc.range(1, 4).map(n => n * n);
   * squares.checkpoint();
   * assert.equal(await squares.count(), 3);
   * assert.equal(squares.isCheckpointed, true);
   * assert.deepEqual(squares.dependencies, []);
   * assert.deepEqual(await squares.collect(), [1, 4, 9]);
   * await sc.stop();
   * rmSync(folder, { recursive: true });
   * ```
   */
  checkpoint(): void {
    this.context.markCheckpoint(this.plan, originOf(this, "checkpoint"));
  }

  /**
   * Whether it is saved by now, after `checkpoint()` and an action; or kept for good, after `localCheckpoint()`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "isCheckpointed");
   * const kept = sc.parallelize([1]).localCheckpoint();
   * assert.equal(kept.isCheckpointed, false);
   * await kept.count();
   * assert.equal(kept.isCheckpointed, true);
   * await sc.stop();
   * ```
   */
  get isCheckpointed(): boolean {
    const { plan } = this;
    if (plan.op === "localCheckpoint") return plan.parent === undefined;
    return this.getCheckpointFile() !== undefined;
  }

  /**
   * The directory it is saved in, after `checkpoint()` and an action; otherwise `undefined`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getCheckpointFile");
   * assert.equal(sc.parallelize([1]).getCheckpointFile(), undefined);
   * await sc.stop();
   * ```
   */
  getCheckpointFile(): string | undefined {
    return this.context.checkpointFile(this.plan);
  }
}
