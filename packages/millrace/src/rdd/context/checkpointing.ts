import { millraceError } from "../../common/errors/index.ts";
import { localPath } from "../../common/files/local-path.ts";
import type { JobSink } from "../../engine/index.ts";
import type { Origin, PlanNode } from "../../plan/index.ts";
import { placeOf } from "../lineage.ts";
import { saveFiles } from "../save-files.ts";
import { Checkpoints } from "./checkpoints.ts";
import { ContextJobs } from "./context-jobs.ts";

/** How a context saves RDDs that are marked to be checkpointed. */
export abstract class Checkpointing extends ContextJobs {
  readonly #checkpoints = new Checkpoints(this.platform.files, (node, path, origin) =>
    saveFiles(this, node, { ...objectFiles, path }, origin),
  );
  #parent: string | undefined;
  #directory: string | undefined;

  /**
   * Where `checkpoint()` of RDDs saves them: in a directory of this context's own there, made with the first of them.
   * Files stay when the context stops.
   *
   * @param directory also as a URL of a scheme the context knows
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setCheckpointDir");
   * sc.setCheckpointDir("/data/checkpoints");
   * assert.match(sc.getCheckpointDir() ?? "", /^\/data\/checkpoints\/.+/);
   * await sc.stop();
   * ```
   */
  setCheckpointDir(directory: string): void {
    this.#parent = localPath(directory).replace(/(?<=[^/])\/+$/, "");
    this.#directory = undefined;
  }

  /**
   * The directory of this context below the one that `setCheckpointDir` was given; `undefined` when it was not called.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getCheckpointDir");
   * assert.equal(sc.getCheckpointDir(), undefined);
   * await sc.stop();
   * ```
   */
  getCheckpointDir(): string | undefined {
    if (this.#parent === undefined) return undefined;
    this.#directory ??= `${this.#parent}/${this.applicationId}-${this.platform.random.nextUint32().toString(36)}`;
    return this.#directory;
  }

  /**
   * Marks a plan node to be saved after the first job that computes it. Used by `RDD.checkpoint`.
   *
   * @throws MR_CHECKPOINT_DIR when `setCheckpointDir` was not called
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "markCheckpoint");
   * const { plan } = sc.parallelize([1]);
   * const origin = { operator: "checkpoint", site: undefined };
   * assert.throws(() => sc.markCheckpoint(plan, origin), { code: "MR_CHECKPOINT_DIR" });
   * await sc.stop();
   * ```
   */
  markCheckpoint(node: PlanNode, origin: Origin): void {
    const directory = this.getCheckpointDir();
    if (directory === undefined) {
      throw millraceError(
        "MR_CHECKPOINT_DIR",
        "Checkpoint directory has not been set in the SparkContext",
        placeOf(origin),
      );
    }
    this.#checkpoints.mark(node, directory, origin);
  }

  /**
   * Where a plan node is saved; `undefined` when it is not. Used by `RDD.getCheckpointFile`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "checkpointFile");
   * assert.equal(sc.checkpointFile(sc.parallelize([1]).plan), undefined);
   * await sc.stop();
   * ```
   */
  checkpointFile(node: PlanNode): string | undefined {
    return this.#checkpoints.pathOf(node);
  }

  override runJob(
    node: PlanNode,
    partitions: readonly number[],
    sink: JobSink,
    origin: Origin,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    const results = super.runJob(node, partitions, sink, origin, signal);
    return this.#checkpoints.areWaiting ? this.#andSave(node, results) : results;
  }

  async #andSave(node: PlanNode, results: Promise<unknown[]>): Promise<unknown[]> {
    const answer = await results;
    await this.#checkpoints.afterJob(node);
    if (this.activeJobCount === 0) this.#checkpoints.cut();
    return answer;
  }
}

const objectFiles = {
  format: { name: "object-file" },
  overwrite: true,
  codec: undefined,
  options: {},
} as const;
