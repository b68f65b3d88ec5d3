import type { Partitioner } from "../plan/index.ts";
import { AggregationTable } from "./aggregation-table.ts";
import type { Cancellation } from "./cancellation.ts";
import type { Chunk, ChunkSource } from "./chunk.ts";
import { CombineBenefit } from "./combine-benefit.ts";
import type { TaskEnvironment } from "./environment.ts";
import { type FusedStep, fusedLoop, type Loop, type LoopState } from "./fuse/program.ts";
import { functionAt, fusedSteps, type InputContext, stepFunction } from "./input-context.ts";
import { drain, iterate } from "./iterate.ts";
import { mayWait } from "./may-wait.ts";
import { type Bucket, emptyBuckets, MapOutput } from "./memory/map-output.ts";
import { TableGauge } from "./memory/table-gauge.ts";
import { openInput } from "./open-input.ts";
import { blame } from "./operator-error.ts";
import { ownCombined } from "./own-combined.ts";
import type { KeptChange } from "./partition-cache.ts";
import { partitionTable } from "./partition-table.ts";
import { lacksReaders, loadReaders } from "./reader.ts";
import { type AccumulatorUpdate, TaskUpdates, withUpdates } from "./shared/index.ts";
import type { ShuffleBlock } from "./shuffle-block.ts";
import type { Aggregation, Operation, Step, TaskFunction, TaskInfo, TaskSpec } from "./spec.ts";
import { splitTail } from "./split-tail.ts";
import { TurnKeeper } from "./turn-keeper.ts";

/** What a task answers: its result, what it added to accumulators, and which persisted partitions came, moved or went. */
export interface TaskOutcome {
  readonly result: unknown;
  readonly updates: readonly AccumulatorUpdate[];
  /** Kilobytes of shuffle output that stay in memory. */
  readonly shuffleKb: number;
  readonly cached: readonly KeptChange[];
}

/**
 * Runs one partition of one stage in this thread: source, fused loop, sink. Knows no scheduler. Between
 * chunks the event loop gets a turn whenever some milliseconds have passed. Throws what the user's code
 * threw, as an `OperatorError` that names the operation.
 */
export async function runTask(
  spec: TaskSpec,
  environment: TaskEnvironment,
  cancellation: Cancellation,
): Promise<TaskOutcome> {
  if (lacksReaders(spec.input)) await loadReaders(spec.input);
  const states: KeptChange[] = [];
  const context: InputContext = {
    functions: spec.functions,
    environment,
    // What a state takes is not known; that it is there is what counts.
    onCached: (node, partition) => states.push({ node, partition, memoryBytes: 1, diskBytes: 0 }),
  };
  const updates = new TaskUpdates();
  const run = new TaskRun(spec, context, cancellation);
  const result = await withUpdates(updates, () => run.run());
  const cached = [...environment.cache.takeChanges(), ...states];
  return { result, updates: updates.updates(), shuffleKb: run.shuffleKb, cached };
}

class TaskRun {
  /** Kilobytes of shuffle output that stay in memory. */
  shuffleKb = 0;
  readonly #spec: TaskSpec;
  readonly #context: InputContext;
  readonly #turns: TurnKeeper;
  readonly #tail: readonly Step[];
  readonly #steps: readonly FusedStep[];
  readonly #source: ChunkSource;

  constructor(spec: TaskSpec, context: InputContext, cancellation: Cancellation) {
    this.#spec = spec;
    this.#context = context;
    this.#turns = new TurnKeeper(context.environment.turns, cancellation);
    // A partition function reads records itself: nothing fuses with it.
    const { fused, rest } =
      spec.sink.kind === "partition" ? { fused: [], rest: spec.input } : splitTail(spec.input);
    this.#tail = fused;
    this.#steps = fusedSteps(fused, spec.functions);
    this.#source = openInput(rest, context);
  }

  async run(): Promise<unknown> {
    try {
      if (this.#turns.isDue()) await this.#turns.take();
      return await this.#sink();
    } finally {
      this.#source.close();
    }
  }

  async #sink(): Promise<unknown> {
    const { sink, functions } = this.#spec;
    switch (sink.kind) {
      case "collect": {
        const state = { at: -1, out: [] as unknown[] };
        await this.#feed(fusedLoop<typeof state>(this.#steps, "emit"), state, undefined);
        return this.#handedOut(state.out);
      }
      case "count": {
        const state = { at: -1, count: 0 };
        await this.#feed(fusedLoop<typeof state>(this.#steps, "count"), state, undefined);
        return state.count;
      }
      case "take": {
        const state = { at: -1, out: [] as unknown[], limit: sink.limit };
        await this.#feed(fusedLoop<typeof state>(this.#steps, "take"), state, undefined);
        return this.#handedOut(state.out);
      }
      case "reduce": {
        const zero = sink.zero === undefined ? undefined : functionAt(functions, sink.zero);
        const state = {
          at: -1,
          has: zero !== undefined,
          value: ownCombined((zero as (() => unknown) | undefined)?.()),
        };
        const loop = fusedLoop<typeof state>(this.#steps, "reduce", functionAt(functions, sink.fn));
        await this.#feed(loop, state, functions[sink.fn]);
        return { has: state.has, value: state.value };
      }
      case "foreach": {
        const state = { at: -1, pending: [] as PromiseLike<unknown>[] };
        const loop = fusedLoop<typeof state>(this.#steps, "foreach", functionAt(functions, sink.fn));
        try {
          await this.#feed(loop, state, functions[sink.fn], async () => {
            await Promise.all(state.pending);
            state.pending.length = 0;
          });
        } finally {
          // After a failure: nothing the function started may go on, or fail, behind the back of the job.
          await Promise.allSettled(state.pending);
        }
        return undefined;
      }
      case "partition":
        return this.#partitionFunction(functions[sink.fn] as TaskFunction, sink.argument);
      case "shuffle":
        return sink.aggregation === undefined
          ? this.#scatter(sink.partitioner, sink.operation)
          : this.#combine(sink.partitioner, sink.operation, sink.aggregation);
    }
  }

  /** Records as the program gets them. */
  #handedOut(records: unknown[]): unknown[] {
    if (!this.#context.environment.sharesResults) return records;
    for (let i = 0; i < records.length; i++) records[i] = ownCombined(records[i]);
    return records;
  }

  /** `blamed`: the sink's own function; `afterChunk` waits for what it started. */
  async #feed<S extends LoopState>(
    loop: Loop<S>,
    state: S,
    blamed: Operation | undefined,
    afterChunk?: (chunk: Chunk) => Promise<void> | void,
  ): Promise<void> {
    for (;;) {
      const next = this.#source.next();
      const chunk = next instanceof Promise ? await next : next;
      if (chunk === undefined) return;
      let isFull: boolean;
      try {
        isFull = loop(chunk, state);
        const after = afterChunk?.(chunk);
        if (after !== undefined) await after;
      } catch (error) {
        throw blame(state.at < 0 ? blamed : stepFunction(this.#tail, this.#spec.functions, state.at), error);
      }
      if (isFull) return;
      if (this.#turns.isDue()) await this.#turns.take();
    }
  }

  async #partitionFunction(operation: TaskFunction, argument: unknown): Promise<unknown> {
    const spec = this.#spec;
    const info: TaskInfo = {
      stage: spec.stage,
      partition: spec.partition,
      attempt: spec.attempt,
      argument,
      platform: this.#context.environment.platform,
    };
    const records = mayWait(spec.input, spec.functions) ? await drain(this.#source) : iterate(this.#source);
    try {
      const call = operation.fn as unknown as (records: Iterable<unknown>, info: TaskInfo) => unknown;
      const result = await call(records, info);
      if (Array.isArray(result)) return this.#handedOut(result);
      return this.#context.environment.sharesResults ? ownCombined(result) : result;
    } catch (error) {
      throw blame(operation, error);
    }
  }

  async #scatter(partitioner: Partitioner, blamed: Operation): Promise<ShuffleBlock[]> {
    const buckets = emptyBuckets(partitioner.numPartitions);
    const state = { at: -1, buckets, partitioner };
    const loop = fusedLoop<typeof state>(this.#steps, "scatter");
    return this.#mapOutput(buckets.length, async output => {
      await this.#feed(loop, state, blamed, () => output.check(buckets));
      return buckets;
    });
  }

  async #combine(
    partitioner: Partitioner,
    operation: Operation,
    { mergeValue, create }: Aggregation,
  ): Promise<ShuffleBlock[]> {
    const { functions } = this.#spec;
    const { hashSeed, memory } = this.#context.environment;
    const table = new AggregationTable(hashSeed);
    const state = { at: -1, table, owned: false, buckets: [] as Bucket[], partitioner };
    const combine = fusedLoop<typeof state>(
      this.#steps,
      "combine",
      functionAt(functions, mergeValue),
      create === undefined ? undefined : functionAt(functions, create),
    );
    // With one reducer there is one map task as a rule, and its table is all the combining there is.
    const mayScatter = create === undefined && partitioner.numPartitions > 1;
    const scatter = mayScatter ? fusedLoop<typeof state>(this.#steps, "scatter") : undefined;
    let loop = combine;
    const gauge = new TableGauge(memory);
    const benefit = new CombineBenefit(this.#tail);
    const split = () => partitionTable(state.table, partitioner, operation, this.#turns);
    return this.#mapOutput(partitioner.numPartitions, async output => {
      output.hasUniqueKeys = true;
      const empty = async (): Promise<Bucket[]> => {
        const buckets = await split();
        state.table = new AggregationTable(hashSeed);
        gauge.reset();
        benefit.reset();
        return buckets;
      };
      const stopCombining = async () => {
        state.buckets = await empty();
        loop = scatter as typeof loop;
        output.hasUniqueKeys = false;
      };
      await this.#feed(
        (chunk, current) => loop(chunk, current),
        state,
        functions[mergeValue],
        chunk => {
          if (loop === scatter) return output.check(state.buckets);
          if (gauge.isTooMuch(state.table, chunk)) return empty().then(buckets => output.spill(buckets));
          return scatter !== undefined && benefit.isNone(chunk, state.table.size)
            ? stopCombining()
            : undefined;
        },
      );
      return loop === scatter ? state.buckets : split();
    });
  }

  /** Runs the map side of a shuffle; a file it has spilled to goes when it fails. */
  async #mapOutput(count: number, body: (output: MapOutput) => Promise<Bucket[]>): Promise<ShuffleBlock[]> {
    const { stage, partition } = this.#spec;
    const output = new MapOutput(this.#context.environment.memory, `shuffle-${stage}-${partition}`, count);
    try {
      const { blocks, heldKb } = output.finish(await body(output));
      this.shuffleKb = heldKb;
      return blocks;
    } catch (error) {
      output.discard();
      throw error;
    }
  }
}
