import type { Logger } from "../../common/log/index.ts";
import type { Origin, PlanNode, ShuffleNode, StateNode } from "../../plan/index.ts";
import { CacheMiss } from "../../task/cached-source.ts";
import { Cancellation } from "../../task/cancellation.ts";
import { resultOfNothing } from "../../task/known-empty.ts";
import type { PlainValues } from "../../task/readers/values.ts";
import type { TaskOutcome } from "../../task/run-task.ts";
import { mergeUpdates } from "../../task/shared/index.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";
import type { TaskInput, TaskSink, TaskSpec } from "../../task/spec.ts";
import { buildInput, type Missing } from "../build-input.ts";
import { buildSink, type StageSink } from "../build-sink.ts";
import type { Engine, Job, StorageStatus } from "../engine.ts";
import type { PlannedStage } from "../events/index.ts";
import type { StageEvents, StageTeller } from "../events/stage-events.ts";
import { cancelled, driverFailure, isWorkerLost, taskFailure, workerLostAgain } from "../failure.ts";
import { FunctionTable } from "../function-table.ts";
import type { Executor, ExecutorTask } from "./executor.ts";
import { KeptPartitions } from "./kept-partitions.ts";
import type { LocalStorage } from "./local-storage.ts";
import { PlannedStages } from "./planned-stages.ts";
import { DEFAULT_POOL } from "./scheduling/pools.ts";
import { type MapOutputs, ShuffleOutputs } from "./shuffle-outputs.ts";
import { type FetchedPartitions, TaskLocations } from "./task-locations.ts";

/** Worker threads that may die under one task before its job fails. */
const MAX_LOSSES = 3;

/** One stage of a job: the partitions of a node, and an action's sink or the map side of a shuffle. */
interface Stage {
  readonly node: PlanNode;
  readonly partitions: readonly number[];
  readonly sink: StageSink;
  readonly origin: Origin;
  readonly run: JobRun;
  readonly functions: FunctionTable;
  readonly taskSink: TaskSink;
  /** Given out when its tasks begin: stages that it needs come before it. */
  id: number;
  events: StageTeller | undefined;
  /** Kilobytes of shuffle output that its tasks left in memory. */
  shuffleKb: number;
}

/** A job under way. */
interface JobRun {
  readonly job: Job;
  readonly cancellation: Cancellation;
}

/** A task ready to run, and the slot it must run in because of what is kept there. */
interface Placed {
  readonly input: TaskInput;
  readonly home: number | undefined;
}

/**
 * The embedded engine: cuts a plan into stages at its shuffles, runs them in order of need, keeps track of
 * shuffle outputs and persisted partitions, and tries failed tasks again.
 */
export class LocalEngine implements Engine {
  readonly parallelism: number;
  readonly #executor: Executor;
  readonly #maxFailures: number;
  readonly #log: Logger;
  readonly #events: StageEvents;
  readonly #storage: LocalStorage | undefined;
  readonly #kept: KeptPartitions;
  readonly #shuffles: ShuffleOutputs;
  readonly #running = new Set<Cancellation>();
  readonly #planned = new PlannedStages();
  #nextStage = 0;

  /** `parallelism`: the threads the master asks for, also where one stands in for all of them. */
  constructor(
    executor: Executor,
    parallelism: number,
    maxFailures: number,
    log: Logger,
    events: StageEvents,
    storage?: LocalStorage,
  ) {
    this.#storage = storage;
    this.#shuffles = new ShuffleOutputs(gone => storage?.release(gone));
    this.parallelism = parallelism;
    this.#executor = executor;
    this.#maxFailures = maxFailures;
    this.#log = log;
    this.#events = events;
    this.#kept = new KeptPartitions(node => executor.drop(node));
    executor.onLost = (home, reason) => {
      this.#kept.forgetHome(home);
      events.slotLost(home, reason);
    };
  }

  plannedStages(job: Pick<Job, "id" | "node" | "partitions" | "origin">): readonly PlannedStage[] {
    if (job.partitions.length === 0) return [];
    const hasRun = (shuffle: ShuffleNode) =>
      shuffle.parent.numPartitions === 0 || this.#shuffles.blocksOf(shuffle, 0) !== undefined;
    return this.#planned.plan(job, hasRun, () => this.#newStageId());
  }

  #newStageId(): number {
    this.#nextStage += 1;
    return this.#nextStage - 1;
  }

  async run(job: Job): Promise<unknown[]> {
    if (job.partitions.length === 0) return [];
    const cancellation = new Cancellation();
    const onCancel = () => cancellation.cancel(cancelled(job.cancellation.reason));
    if (job.cancellation.isCancelled) onCancel();
    const unlisten = job.cancellation.onCancel(onCancel);
    this.#running.add(cancellation);
    try {
      const stage = newStage(job.node, job.partitions, job.sink, job.origin, { job, cancellation });
      const results = this.#runStage(stage);
      return isPromise(results) ? await results : results;
    } finally {
      this.#planned.forget(job.id);
      this.#running.delete(cancellation);
      unlisten();
    }
  }

  unpersist(node: PlanNode): void {
    this.#kept.forget(node.id);
    this.#executor.drop(node.id);
    this.#events.unpersisted(node.id);
  }

  storageStatus(): readonly StorageStatus[] {
    return this.#kept.status();
  }

  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void {
    this.#executor.releaseBroadcast(key, what);
  }

  async stop(): Promise<void> {
    for (const cancellation of this.#running) cancellation.cancel(cancelled("the context was stopped"));
    this.#kept.clear();
    await this.#executor.stop();
    await this.#storage?.stop();
  }

  /** The results of a stage: at once when none of its tasks has to run, and none of those it needs. */
  #runStage(stage: Stage): unknown[] | Promise<unknown[]> {
    const placed = this.#place(stage, stage.partitions);
    return isPromise(placed)
      ? placed.then(inputs => this.#runPlaced(stage, inputs))
      : this.#runPlaced(stage, placed);
  }

  #runPlaced(stage: Stage, placed: readonly Placed[]): unknown[] | Promise<unknown[]> {
    this.#begin(stage);
    const results: unknown[] = [];
    let isWaiting = false;
    for (let i = 0; i < placed.length; i++) {
      const result = this.#runPartition(stage, stage.partitions[i] as number, placed[i] as Placed);
      isWaiting ||= isPromise(result);
      results.push(result);
    }
    if (isWaiting) return this.#whenRun(stage, results);
    stage.events?.ended();
    return results;
  }

  #begin(stage: Stage): void {
    const { node, partitions, sink, origin, run } = stage;
    run.cancellation.throwIfCancelled();
    const planned = sink.kind === "shuffle" ? sink.node : sink === run.job.sink ? "result" : undefined;
    stage.id = (planned && this.#planned.take(run.job.id, planned)) ?? this.#newStageId();
    if (!this.#events.isHeard) return;
    const { id: jobId, properties } = run.job;
    const numTasks = partitions.length;
    stage.events = this.#events.stage({ id: stage.id, jobId, rddId: node.id, origin, numTasks, properties });
  }

  async #whenRun(stage: Stage, runs: readonly unknown[]): Promise<unknown[]> {
    try {
      const results = await allOf(runs, stage.run.cancellation);
      stage.events?.ended();
      return results;
    } catch (error) {
      stage.events?.ended(error);
      throw error;
    }
  }

  /** Makes sure that the map side of a shuffle has run; `undefined` when there is nothing to wait for. */
  #runShuffle(shuffle: ShuffleNode, run: JobRun): Promise<void> | undefined {
    return this.#shuffles.ensure(shuffle, () => {
      const partitions: number[] = [];
      for (let at = 0; at < shuffle.parent.numPartitions; at++) partitions.push(at);
      const stage = newStage(shuffle.parent, partitions, { kind: "shuffle", node: shuffle }, shuffle, run);
      const results = this.#runStage(stage);
      return isPromise(results)
        ? results.then(blocks => outputsOf(stage, blocks))
        : outputsOf(stage, results);
    });
  }

  /**
   * The inputs of some partitions of a stage, once everything has run that they need: at once when that waits for
   * nothing. What has run may show that more is missing.
   */
  #place(
    stage: Stage,
    partitions: readonly number[],
    fetched?: FetchedPartitions,
  ): Placed[] | Promise<Placed[]> {
    for (;;) {
      const missing: Missing = {};
      const placed: Placed[] = [];
      for (const at of partitions) placed.push(this.#placeOne(stage, at, missing, fetched));
      if (isNothing(missing)) return placed;
      const here = missing.fetches === undefined ? fetched : (fetched ?? new Map());
      const made = this.#make(missing, here, stage.run);
      if (made !== undefined) return made.then(() => this.#place(stage, partitions, here));
    }
  }

  /** Runs what is missing; `undefined` when there is nothing to wait for. */
  #make(
    { shuffles, states, fetches }: Missing,
    fetched: FetchedPartitions | undefined,
    run: JobRun,
  ): Promise<unknown> | undefined {
    const runs: Promise<void>[] = [];
    if (shuffles !== undefined) {
      for (const shuffle of shuffles) {
        const made = this.#runShuffle(shuffle, run);
        if (made !== undefined) runs.push(made);
      }
    }
    if (states !== undefined) {
      for (const [state, wanted] of states) runs.push(this.#makeState(state, wanted, run));
    }
    if (fetches !== undefined) {
      for (const fetch of fetches) runs.push(this.#fetch(fetch, fetched as FetchedPartitions, run));
    }
    return runs.length === 0 ? undefined : allOf(runs, run.cancellation);
  }

  #placeOne(
    stage: Stage,
    partition: number,
    missing: Missing,
    fetched: FetchedPartitions | undefined,
  ): Placed {
    const locations = new TaskLocations(partition, this.#executor, this.#kept, this.#shuffles, fetched);
    const input = buildInput(stage.node, partition, stage.functions, locations, missing);
    return { input, home: locations.home };
  }

  /** Makes partitions of a version of a state, each where it belongs. */
  async #makeState(state: StateNode, wanted: ReadonlySet<number>, run: JobRun): Promise<void> {
    await this.#runStage(newStage(state, [...wanted], { kind: "count" }, state, run));
  }

  /** Brings a partition here that is kept in one slot and needed in another. */
  async #fetch(
    { node, partition }: NonNullable<Missing["fetches"]>[number],
    fetched: FetchedPartitions,
    run: JobRun,
  ): Promise<void> {
    const [records] = await this.#runStage(newStage(node, [partition], { kind: "collect" }, node, run));
    const partitions = fetched.get(node.id) ?? new Map<number, PlainValues>();
    fetched.set(node.id, partitions.set(partition, { values: records as unknown[] }));
  }

  /** The result of a partition; a promise of it unless it is known without a task. */
  #runPartition(stage: Stage, partition: number, placed: Placed): unknown {
    const nothing = resultOfNothing(placed.input, stage.taskSink, stage.functions.functions);
    if (nothing === undefined) return this.#runTask(stage, partition, placed);
    stage.events?.taskStarted(partition, 0, this.#executor.homeOf(partition))();
    return nothing.result;
  }

  async #runTask(stage: Stage, partition: number, first: Placed): Promise<unknown> {
    let placed = first;
    const { run } = stage;
    const pool = run.job.properties["spark.scheduler.pool"] ?? DEFAULT_POOL;
    for (let attempt = 0, losses = 0; ; ) {
      const spec: TaskSpec = {
        stage: stage.id,
        partition,
        attempt: attempt + losses,
        functions: stage.functions.functions,
        input: placed.input,
        sink: stage.taskSink,
      };
      let ended: ((error?: unknown) => void) | undefined;
      let ranAt = 0;
      const task: ExecutorTask = {
        spec,
        home: placed.home,
        cancellation: run.cancellation,
        job: run.job.id,
        stage: stage.id,
        pool,
        onStart: slot => {
          ranAt = slot;
          ended = stage.events?.taskStarted(partition, spec.attempt, slot);
        },
      };
      let outcome: TaskOutcome;
      try {
        outcome = await this.#executor.run(task);
      } catch (error) {
        ended?.(error);
        run.cancellation.throwIfCancelled();
        if (error instanceof CacheMiss) {
          this.#kept.forgetPartition(error.node, error.partition);
        } else if (isWorkerLost(error)) {
          // No fault of the task, perhaps; one that takes every thread with it must not do so for ever.
          losses += 1;
          if (losses >= MAX_LOSSES) throw workerLostAgain(error, stage.origin, losses);
        } else {
          attempt += 1;
          const failure = taskFailure(error, attempt, stage.origin);
          if (attempt >= this.#maxFailures) throw failure;
          this.#log.warn(`task ${partition} of stage ${stage.id} failed, trying again: ${failure.message}`);
        }
        // What was kept or shuffled may be gone.
        [placed] = (await this.#place(stage, [partition])) as [Placed];
        continue;
      }
      ended?.();
      this.#noteKept(outcome, ranAt);
      stage.shuffleKb += outcome.shuffleKb;
      try {
        mergeUpdates(outcome.updates);
      } catch (error) {
        throw driverFailure({ operator: "accumulator", site: undefined }, error);
      }
      stage.events?.updated(outcome.updates);
      return outcome.result;
    }
  }

  #noteKept(outcome: TaskOutcome, slot: number): void {
    for (const change of outcome.cached) {
      if (!this.#kept.add(slot, change)) this.#executor.drop(change.node);
    }
  }
}

function newStage(
  node: PlanNode,
  partitions: readonly number[],
  sink: StageSink,
  origin: Origin,
  run: JobRun,
): Stage {
  const functions = new FunctionTable();
  const taskSink = buildSink(sink, origin, functions);
  return { node, partitions, sink, origin, run, functions, taskSink, id: 0, events: undefined, shuffleKb: 0 };
}

function outputsOf(stage: Stage, blocks: readonly unknown[]): MapOutputs {
  return { blocks: blocks as readonly ShuffleBlock[][], heldKb: stage.shuffleKb };
}

function isNothing({ shuffles, states, fetches }: Missing): boolean {
  return shuffles === undefined && states === undefined && fetches === undefined;
}

function isPromise<R>(value: R | Promise<R>): value is Promise<R> {
  return value instanceof Promise;
}

/** All results; after a failure no run is still going on, for those that are left are of no use. */
async function allOf<R>(runs: readonly (R | Promise<R>)[], cancellation: Cancellation): Promise<R[]> {
  try {
    if (runs.length === 1) return [await (runs[0] as R | Promise<R>)];
    return await Promise.all(runs);
  } catch (error) {
    cancellation.cancel(error);
    await Promise.allSettled(runs);
    throw error;
  }
}
