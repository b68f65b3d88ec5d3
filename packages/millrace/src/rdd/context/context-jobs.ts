import type { JobSink } from "../../engine/index.ts";
import type { Origin, PlanNode } from "../../plan/index.ts";
import { ContextBase } from "./context-base.ts";

/** How a context runs jobs. */
export abstract class ContextJobs extends ContextBase {
  /**
   * Runs an action on some partitions of a plan: the way every action of `RDD` takes to the engine. Answers one result
   * per partition, in the order asked for.
   *
   * @param origin the action's name and the user's line, for errors
   * @param signal gives the job up with MR_JOB_CANCELLED
   * @throws MR_TASK_FAILED, MR_WORKER_LOST, MR_JOB_CANCELLED, MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "runJob");
   * const rdd = sc.parallelize([1, 2, 3], 2);
   * const counts = await sc.runJob(rdd.plan, [1, 0], { kind: "count" }, { operator: "count", site: undefined });
   * assert.deepEqual(counts, [2, 1]);
   * await sc.stop();
   * ```
   */
  async runJob(
    node: PlanNode,
    partitions: readonly number[],
    sink: JobSink,
    origin: Origin,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    this.assertRunning();
    await node.preparation?.ensure(signal);
    return this.engine.run({ node, partitions, sink, origin, signal });
  }
}
