import { type MillraceError, millraceError } from "../../common/errors/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Origin, PlanNode, ShuffleNode } from "../../plan/index.ts";
import { CacheMiss } from "../../task/cached-source.ts";
import { Cancellation } from "../../task/cancellation.ts";
import type { TaskOutcome } from "../../task/run-task.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";
import type { TaskInput, TaskSink, TaskSpec } from "../../task/spec.ts";
import { buildAggregation, buildInput } from "../build-input.ts";
import type { Engine, Job, JobSink } from "../engine.ts";
import { taskFailure } from "../failure.ts";
import { FunctionTable } from "../function-table.ts";
import type { Executor } from "./executor.ts";
import { KeptPartitions } from "./kept-partitions.ts";
import { ShuffleOutputs } from "./shuffle-outputs.ts";

/** One stage of a job: the partitions of a node, and an action's sink or the map side of a shuffle. */
interface Stage {
  readonly id: number;
  readonly node: PlanNode;
  readonly sink: JobSink | { readonly kind: "shuffle"; readonly node: ShuffleNode };
  readonly origin: Origin;
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
  readonly #executor: Executor;
  readonly #maxFailures: number;
  readonly #log: Logger;
  readonly #kept: KeptPartitions;
  readonly #shuffles = new ShuffleOutputs();
  readonly #running = new Set<Cancellation>();
  #lastStage = 0;

  constructor(executor: Executor, maxFailures: number, log: Logger) {
    this.#executor = executor;
    this.#maxFailures = maxFailures;
    this.#log = log;
    this.#kept = new KeptPartitions(node => executor.drop(node));
    executor.onLost = home => this.#kept.forgetHome(home);
  }

  get parallelism(): number {
    return this.#executor.slots;
  }

  async run(job: Job): Promise<unknown[]> {
    if (job.partitions.length === 0) return [];
    const cancellation = new Cancellation();
    const onAbort = () => cancellation.cancel(cancelled(job.signal?.reason));
    if (job.signal?.aborted === true) onAbort();
    job.signal?.addEventListener("abort", onAbort);
    this.#running.add(cancellation);
    try {
      return await this.#runStage(job.node, job.partitions, job.sink, job.origin, cancellation);
    } finally {
      this.#running.delete(cancellation);
      job.signal?.removeEventListener("abort", onAbort);
    }
  }

  unpersist(node: PlanNode): void {
    this.#kept.forget(node.id);
    this.#executor.drop(node.id);
  }

  async stop(): Promise<void> {
    for (const cancellation of this.#running) cancellation.cancel(cancelled("the context was stopped"));
    this.#kept.clear();
    await this.#executor.stop();
  }

  async #runStage(
    node: PlanNode,
    partitions: readonly number[],
    sink: Stage["sink"],
    origin: Origin,
    cancellation: Cancellation,
  ): Promise<unknown[]> {
    const functions = new FunctionTable();
    const taskSink = buildSink(sink, origin, functions);
    let placed: Placed[];
    for (;;) {
      const missing = new Set<ShuffleNode>();
      placed = partitions.map(partition => this.#place(node, partition, functions, missing));
      if (missing.size === 0) break;
      await Promise.all(Array.from(missing, shuffle => this.#runShuffle(shuffle, cancellation)));
    }
    cancellation.throwIfCancelled();
    this.#lastStage += 1;
    const stage: Stage = { id: this.#lastStage, node, sink, origin, cancellation };
    const runs = partitions.map((partition, i) =>
      this.#runPartition(stage, partition, functions, taskSink, placed[i] as Placed),
    );
    try {
      return await Promise.all(runs);
    } catch (error) {
      // The tasks that still run are of no use, and none may be going on when the caller hears of it.
      cancellation.cancel(error);
      await Promise.allSettled(runs);
      throw error;
    }
  }

  #runShuffle(shuffle: ShuffleNode, cancellation: Cancellation): Promise<void> {
    return this.#shuffles.ensure(shuffle, async () => {
      const partitions = Array.from({ length: shuffle.parent.numPartitions }, (_, i) => i);
      const sink = { kind: "shuffle", node: shuffle } as const;
      const results = await this.#runStage(shuffle.parent, partitions, sink, shuffle, cancellation);
      return results as ShuffleBlock[][];
    });
  }

  /** Builds the input of one partition. Everything kept that it reads must be in one slot. */
  #place(node: PlanNode, partition: number, functions: FunctionTable, missing: Set<ShuffleNode>): Placed {
    let home: number | undefined;
    let touchesKept = false;
    const input = buildInput(
      node,
      partition,
      functions,
      {
        shuffled: (shuffle, reducer) => this.#shuffles.blocksOf(shuffle, reducer),
        isKept: (persisted, at) => {
          touchesKept = true;
          const where = this.#kept.homeOf(persisted, at);
          home ??= where;
          return where !== undefined && where === home;
        },
      },
      missing,
    );
    return { input, home: home ?? (touchesKept ? this.#executor.homeOf(partition) : undefined) };
  }

  async #runPartition(
    stage: Stage,
    partition: number,
    functions: FunctionTable,
    sink: TaskSink,
    first: Placed,
  ): Promise<unknown> {
    let placed = first;
    for (let attempt = 0; ; ) {
      const spec: TaskSpec = {
        stage: stage.id,
        partition,
        attempt,
        functions: functions.functions,
        input: placed.input,
        sink,
      };
      try {
        const outcome = await this.#executor.run(spec, placed.home, stage.cancellation);
        this.#noteKept(outcome, placed.home);
        return outcome.result;
      } catch (error) {
        stage.cancellation.throwIfCancelled();
        if (error instanceof CacheMiss) {
          this.#kept.forgetPartition(error.node, error.partition);
        } else {
          attempt += 1;
          const failure = taskFailure(error, attempt);
          if (attempt >= this.#maxFailures) throw failure;
          this.#log.warn(`task ${partition} of stage ${stage.id} failed, trying again: ${failure.message}`);
        }
        placed = await this.#placeAgain(stage, partition, functions);
      }
    }
  }

  /** After a failure: what was kept or shuffled may be gone. */
  async #placeAgain(stage: Stage, partition: number, functions: FunctionTable): Promise<Placed> {
    for (;;) {
      const missing = new Set<ShuffleNode>();
      const placed = this.#place(stage.node, partition, functions, missing);
      if (missing.size === 0) return placed;
      for (const shuffle of missing) await this.#runShuffle(shuffle, stage.cancellation);
    }
  }

  #noteKept(outcome: TaskOutcome, home: number | undefined): void {
    if (home === undefined) return;
    for (const { node, partition } of outcome.cached) this.#kept.add(node, partition, home);
  }
}

function buildSink(sink: Stage["sink"], origin: Origin, functions: FunctionTable): TaskSink {
  switch (sink.kind) {
    case "collect":
    case "count":
    case "take":
      return sink;
    case "reduce":
    case "foreach":
      return { kind: sink.kind, fn: functions.add(sink.fn, origin) };
    case "partition":
      return { kind: "partition", fn: functions.add(sink.fn, origin), argument: sink.argument };
    case "shuffle": {
      const { partitioner, aggregator } = sink.node;
      const combines = aggregator?.mapSideCombine === true;
      return {
        kind: "shuffle",
        partitioner,
        aggregation: combines ? buildAggregation(aggregator, sink.node, functions) : undefined,
      };
    }
  }
}

function cancelled(reason: unknown): MillraceError {
  return millraceError("MR_JOB_CANCELLED", `the job was cancelled: ${describeReason(reason)}`, {
    cause: reason,
  });
}

function describeReason(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason ?? "no reason given");
}
