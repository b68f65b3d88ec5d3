import { type CallSite, captureCallSite, deferCallSite } from "../../common/call-site.ts";
import type { Job, JobProperties, JobSink, SparkListener } from "../../engine/index.ts";
import type { Origin, PlanNode, Preparation } from "../../plan/index.ts";
import { ActiveJobs, JOB_GROUP } from "./active-jobs.ts";
import { ContextBase } from "./context-base.ts";
import { JobScope } from "./job-scope.ts";
import { type PersistentRDD, PersistentRDDs, type RDDStorageInfo } from "./persistent-rdds.ts";

const JOB_DESCRIPTION = "spark.job.description";
const INTERRUPT_ON_CANCEL = "spark.job.interruptOnCancel";

/** How a context runs jobs, groups them and gives them up. */
export abstract class ContextJobs extends ContextBase {
  readonly #scope = new JobScope();
  readonly #jobs = new ActiveJobs();
  readonly #persistent = new PersistentRDDs();

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
    const { properties, signal: around, onJob } = this.#scope.current;
    const active = this.#jobs.begin(properties);
    try {
      if (signal !== undefined) active.follow(signal);
      if (around !== undefined) active.follow(around);
      const { id, cancellation } = active;
      onJob?.(id);
      const job = { node, partitions, sink, origin, cancellation, id, properties };
      // Nothing is waited for when there is nothing to prepare, so that `stop` finds the job.
      if (node.preparation?.isDone === false) return await this.#prepared(job, node.preparation);
      return await this.#told(job);
    } finally {
      this.#jobs.end(active);
    }
  }

  async #prepared(job: Job, preparation: Preparation): Promise<unknown[]> {
    await preparation.ensure(job.cancellation.signal);
    this.assertRunning();
    return this.#told(job);
  }

  /** How many jobs are under way. */
  protected get activeJobCount(): number {
    return this.#jobs.count;
  }

  /** Tells listeners of the job. */
  #told(job: Job): Promise<unknown[]> {
    return this.events.isHeard ? this.#runAndTell(job) : this.engine.run(job);
  }

  async #runAndTell(job: Job): Promise<unknown[]> {
    const { id, origin, properties } = job;
    const now = () => this.platform.clock.now();
    const name = origin.site === undefined ? origin.operator : `${origin.operator} at ${origin.site.text}`;
    const stages = this.engine.plannedStages?.(job) ?? [];
    this.events.post({ kind: "jobStart", jobId: id, time: now(), name, stages, properties });
    try {
      const result = await this.engine.run(job);
      this.events.post({ kind: "jobEnd", jobId: id, time: now() });
      return result;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.events.post({ kind: "jobEnd", jobId: id, time: now(), error });
      throw thrown;
    }
  }

  /**
   * Sets a property of the jobs that this flow of calls starts from now on, such as `spark.scheduler.pool`. Holds
   * across `await`, also for the calls made from here, but not in flows that were started before.
   *
   * @param value `undefined` takes the property away
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setLocalProperty");
   * sc.setLocalProperty("spark.scheduler.pool", "reports");
   * assert.equal(sc.getLocalProperty("spark.scheduler.pool"), "reports");
   * sc.setLocalProperty("spark.scheduler.pool", undefined);
   * await sc.stop();
   * ```
   */
  setLocalProperty(key: string, value: string | undefined): void {
    this.#scope.set(key, value);
  }

  /**
   * A property as this flow of calls has it.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getLocalProperty");
   * assert.equal(sc.getLocalProperty("spark.jobGroup.id"), undefined);
   * await sc.stop();
   * ```
   */
  getLocalProperty(key: string): string | undefined {
    return this.#scope.current.properties[key];
  }

  /** All properties as this flow of calls has them. */
  get localProperties(): JobProperties {
    return this.#scope.current.properties;
  }

  /**
   * Calls `body` with these local properties and no others; those around it stay as they are.
   *
   * @param site where actions in `body` count as called that nobody awaits; the lines that await the others are then
   *   looked up only when needed. Without it each action takes down its line when it is called
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "withLocalProperties");
   * const sum = await sc.withLocalProperties({ "spark.scheduler.pool": "reports" }, () =>
   *   sc.parallelize([1, 2]).reduce((a, b) => a + b),
   * );
   * assert.equal(sum, 3);
   * assert.equal(sc.getLocalProperty("spark.scheduler.pool"), undefined);
   * await sc.stop();
   * ```
   */
  withLocalProperties<R>(properties: JobProperties, body: () => R, site?: CallSite): R {
    return this.#scope.withProperties(properties, site, body);
  }

  /**
   * The user's line for an action called now. Used by actions without functions of the user.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "actionSite");
   * assert.equal(sc.actionSite("collect").operator, "collect");
   * await sc.stop();
   * ```
   */
  actionSite(operator: string): CallSite {
    const { site } = this.#scope.current;
    return site === undefined ? captureCallSite(operator) : deferCallSite(operator, site);
  }

  /**
   * Calls `body` so that `signal` gives up every job started in it, which fails with MR_JOB_CANCELLED.
   *
   * @param onJob told of the id of every job `body` starts
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "withSignal");
   * const endless = sc.withSignal(AbortSignal.timeout(20), () => sc.range(0, 1e15).count());
   * await assert.rejects(endless, { code: "MR_JOB_CANCELLED" });
   * await sc.stop();
   * ```
   */
  withSignal<R>(signal: AbortSignal, body: () => R, onJob?: (jobId: number) => void): R {
    return this.#scope.withSignal(signal, onJob, body);
  }

  /**
   * Names the group of the jobs that this flow of calls starts from now on; `cancelJobGroup` gives them up together.
   *
   * @param description for listeners and the event log
   * @param interruptOnCancel kept as Spark's property; tasks always stop between two chunks of records
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setJobGroup");
   * sc.setJobGroup("nightly", "the nightly report");
   * const job = sc.range(0, 1e15).count();
   * sc.cancelJobGroup("nightly");
   * await assert.rejects(job, { code: "MR_JOB_CANCELLED" });
   * await sc.stop();
   * ```
   */
  setJobGroup(groupId: string, description?: string, interruptOnCancel = false): void {
    this.#scope.set(JOB_GROUP, groupId);
    this.#scope.set(JOB_DESCRIPTION, description);
    this.#scope.set(INTERRUPT_ON_CANCEL, String(interruptOnCancel));
  }

  /**
   * The jobs this flow of calls starts from now on belong to no group.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "clearJobGroup");
   * sc.setJobGroup("a group");
   * sc.clearJobGroup();
   * assert.deepEqual(sc.localProperties, {});
   * await sc.stop();
   * ```
   */
  clearJobGroup(): void {
    for (const key of [JOB_GROUP, JOB_DESCRIPTION, INTERRUPT_ON_CANCEL]) this.#scope.set(key, undefined);
  }

  /**
   * Describes the jobs that this flow of calls starts from now on, for listeners and the event log.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setJobDescription");
   * sc.setJobDescription("counts the words");
   * assert.equal(sc.getLocalProperty("spark.job.description"), "counts the words");
   * await sc.stop();
   * ```
   */
  setJobDescription(description: string | undefined): void {
    this.#scope.set(JOB_DESCRIPTION, description);
  }

  /**
   * Gives up the jobs of a group that are under way; they fail with MR_JOB_CANCELLED. Tasks stop between two
   * chunks of records, not within a call of your function.
   *
   * ```ts
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cancelJobGroup");
   * sc.cancelJobGroup("nobody is in it");
   * await sc.stop();
   * ```
   */
  cancelJobGroup(groupId: string, reason = `part of cancelled job group ${groupId}`): void {
    this.#jobs.cancel(reason, (_, group) => group === groupId);
  }

  /**
   * Gives up one job, by the id listeners and `FutureAction` know it by.
   *
   * ```ts
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cancelJob");
   * sc.cancelJob(7);
   * await sc.stop();
   * ```
   */
  cancelJob(jobId: number, reason = `job ${jobId} was cancelled`): void {
    this.#jobs.cancel(reason, id => id === jobId);
  }

  /**
   * Gives up every job under way; they fail with MR_JOB_CANCELLED.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "cancelAllJobs");
   * const job = sc.range(0, 1e15).count();
   * sc.cancelAllJobs();
   * await assert.rejects(job, { code: "MR_JOB_CANCELLED" });
   * await sc.stop();
   * ```
   */
  cancelAllJobs(): void {
    this.#jobs.cancel("all jobs were cancelled", () => true);
  }

  /**
   * The RDDs that are marked persistent and that the program still holds, by id.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getPersistentRDDs");
   * const kept = sc.parallelize([1]).cache();
   * assert.equal(sc.getPersistentRDDs().get(kept.id), kept);
   * await sc.stop();
   * ```
   */
  getPersistentRDDs(): Map<number, PersistentRDD> {
    return this.#persistent.all();
  }

  /**
   * What is kept of persistent RDDs of which something is kept: how many partitions, and about how many bytes in memory
   * and on disk. On `sc://` masters nothing is known of it.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getRDDStorageInfo");
   * const kept = sc.parallelize([1, 2, 3], 2).setName("numbers").cache();
   * await kept.count();
   * const [info] = sc.getRDDStorageInfo();
   * assert.deepEqual([info?.name, info?.numCachedPartitions], ["numbers", 2]);
   * await sc.stop();
   * ```
   */
  getRDDStorageInfo(): RDDStorageInfo[] {
    return this.#persistent.storageInfo(this.engine.storageStatus());
  }

  /**
   * Remembers an RDD that was marked persistent. Used by `RDD.persist`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "notePersistent");
   * const rdd = sc.parallelize([1]).cache();
   * sc.notePersistent(rdd);
   * assert.equal(sc.getPersistentRDDs().size, 1);
   * await sc.stop();
   * ```
   */
  notePersistent(rdd: PersistentRDD): void {
    this.#persistent.add(rdd);
  }

  /**
   * Tells a listener of jobs, stages and tasks from now on.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "addSparkListener");
   * let tasks = 0;
   * sc.addSparkListener({ onTaskEnd: () => void (tasks += 1) });
   * await sc.parallelize([1, 2, 3], 3).count();
   * await sc.stop();
   * assert.equal(tasks, 3);
   * ```
   */
  addSparkListener(listener: SparkListener): void {
    this.events.add(listener);
  }

  /**
   * Tells a listener no more.
   *
   * ```ts
   * import { SparkContext, type SparkListener } from "millrace";
   * const sc = new SparkContext("local", "removeSparkListener");
   * const listener: SparkListener = {};
   * sc.addSparkListener(listener);
   * sc.removeSparkListener(listener);
   * await sc.stop();
   * ```
   */
  removeSparkListener(listener: SparkListener): void {
    this.events.remove(listener);
  }
}
