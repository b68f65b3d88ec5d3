import {
  buildInput,
  buildSink,
  checkpointLost,
  FunctionTable,
  type Origin,
  type PlanNode,
  partitionerToWire,
  type StageSink,
  type TaskInput,
  type TaskSink,
  type WireSink,
} from "millrace/engine";
import { preimages } from "../connect/murmur.ts";
import { cachedRelation, localRows, repartition, unionAll } from "../connect/relations.ts";
import type { Row } from "../connect/rows.ts";
import { slotBlock } from "../executor/task-input.ts";
import type { Relation } from "../gen/spark/connect/relations_pb.ts";
import type { Cluster } from "./cluster.ts";
import { shipFunctions } from "./function-shipper.ts";
import type { KeptRelations } from "./kept-relations.ts";
import { StageFeeds } from "./stage-feeds.ts";
import { type InlineBudget, serializeInput } from "./stage-inputs.ts";
import { KIND_INPUT, type Output, type StageProgram } from "./stage-program.ts";

/** Inputs of a stage's tasks up to this size together go with its program, not as rows of their own. */
const INPUTS_IN_PROGRAM_BYTES = 64 * 1024;

/** What a stage is asked for. */
export interface StageRequest {
  readonly node: PlanNode;
  readonly partitions: readonly number[];
  /** `keep`: the records as they are, of a node that is being kept. */
  readonly sink: StageSink | { readonly kind: "keep" };
  readonly origin: Origin;
  readonly output: Output;
}

/** What building the stages of one job needs. */
export interface JobContext {
  readonly cluster: Cluster;
  readonly kept: KeptRelations;
  readonly budget: InlineBudget;
  /** Persisted nodes the job reads. */
  readonly used: Set<PlanNode>;
  /** The id of what a persisted node is kept in, computed first if need be. */
  readonly keep: (node: PlanNode) => Promise<string | undefined>;
  readonly nextStage: () => number;
  /** Broadcast variables that executors may forget. */
  readonly destroyed: readonly string[];
}

/** A stage as part of a plan. */
export interface Stage {
  /** Its output rows: one Spark task per wanted partition. */
  readonly relation: Relation;
  /** Whether functions of this stage, or of those it reads, hold accumulators. */
  readonly mayCount: boolean;
}

interface Inputs {
  readonly functions: FunctionTable;
  readonly sink: TaskSink;
  readonly feeds: StageFeeds;
  readonly inputs: readonly TaskInput[];
}

/** `firstTask`: how many tasks come before those of the stage in the union it will be part of. */
export async function buildStage(request: StageRequest, job: JobContext, firstTask = 0): Promise<Stage> {
  const { functions, sink, feeds, inputs } = await buildInputs(request, job);
  const numTasks = inputs.length;
  const pre = preimages(numTasks);
  const sources: Relation[] = [];
  let numSourceTasks = 0;
  let mayCount = false;
  for (const shuffle of feeds.shuffles.keys()) {
    if (shuffle.parent.numPartitions === 0) continue;
    const routes = feeds.routesOf(shuffle, pre);
    const source = await buildStage(
      {
        node: shuffle.parent,
        partitions: allPartitions(shuffle.parent),
        sink: { kind: "shuffle", node: shuffle },
        origin: shuffle,
        output: { kind: "scatter", routes },
      },
      job,
      numSourceTasks,
    );
    sources.push(source.relation);
    mayCount ||= source.mayCount;
    numSourceTasks += shuffle.parent.numPartitions;
  }
  let inPlace: Relation | undefined;
  for (const node of feeds.kept.keys()) {
    const relationId = await job.keep(node);
    if (relationId === undefined) continue;
    const relation = cachedRelation(relationId);
    const isInPlace = feeds.isInPlace(node, numTasks);
    if (isInPlace) inPlace = relation;
    numSourceTasks += node.numPartitions;
    sources.push(
      isInPlace
        ? relation
        : job.cluster.run(relation, { kind: "route", targets: feeds.targetsOf(node, pre) }),
    );
  }
  const serialized = inputs.map(serializeInput);
  for (const bytes of serialized) job.budget.take(bytes.length, request.origin);
  const total = serialized.reduce((sum, bytes) => sum + bytes.length, 0);
  const isInProgram = sources.length > 0 && total <= INPUTS_IN_PROGRAM_BYTES;
  const rows = serialized.map(
    (bytes, task): Row => ({ partition: pre[task] as number, kind: KIND_INPUT, sequence: task, bytes }),
  );
  const carried = isInProgram ? serialized : undefined;
  const built = await buildProgram({ ...request, firstTask }, functions, sink, carried, job);
  const input = inputRelation(sources, inPlace, isInProgram ? [] : rows, numTasks);
  return { relation: job.cluster.run(input, built.program), mayCount: mayCount || built.mayCount };
}

function inputRelation(
  sources: readonly Relation[],
  inPlace: Relation | undefined,
  rows: readonly Row[],
  numTasks: number,
): Relation {
  const [first, ...rest] = rows.length === 0 ? sources : [...sources, localRows(rows)];
  // Row i of inline data is task i, and partition i of what is kept: neither needs a shuffle by itself.
  if (rest.length === 0 && (sources.length === 0 || inPlace !== undefined)) return first as Relation;
  return repartition(unionAll([first as Relation, ...rest]), numTasks);
}

/** Builds inputs until everything persisted that they read is kept. */
async function buildInputs(request: StageRequest, job: JobContext): Promise<Inputs> {
  for (;;) {
    const functions = new FunctionTable();
    const isKeeping = request.sink.kind === "keep";
    const sink =
      request.sink.kind === "keep"
        ? ({ kind: "collect" } as const)
        : buildSink(request.sink, request.origin, functions);
    const feeds = new StageFeeds();
    const missing = new Set<PlanNode>();
    const inputs = request.partitions.map((partition, task) =>
      buildInput(
        request.node,
        partition,
        functions,
        {
          shuffled: (node, reducer) => [slotBlock(feeds.slotOf(node, reducer, task))],
          isKept: (node, at) => {
            if (isKeeping && node === request.node) return false;
            job.used.add(node);
            if (!job.kept.has(node)) missing.add(node);
            feeds.readKept(node, at, task);
            return true;
          },
          fetched: (node, at) => {
            throw checkpointLost(node, at);
          },
        },
        {},
      ),
    );
    if (missing.size === 0) return { functions, sink, feeds, inputs };
    for (const node of missing) await job.keep(node);
  }
}

async function buildProgram(
  { partitions, output, firstTask }: StageRequest & { readonly firstTask: number },
  functions: FunctionTable,
  sink: TaskSink,
  inputs: readonly Uint8Array[] | undefined,
  job: JobContext,
): Promise<{ readonly program: StageProgram; readonly mayCount: boolean }> {
  const table = [...functions.functions];
  const wireSink = sinkToWire(sink, fn => table.push({ fn, operator: "partitioner", site: undefined }) - 1);
  const { mayCount, ...shipped } = await shipFunctions(table, job.cluster.modules, job.cluster.packer);
  const program: StageProgram = {
    kind: "stage",
    stage: job.nextStage(),
    destroyed: job.destroyed,
    firstTask,
    partitions: partitions.every((partition, task) => partition === task) ? undefined : partitions,
    ...shipped,
    sink: wireSink,
    output,
    inputs,
  };
  return { program, mayCount };
}

function sinkToWire(sink: TaskSink, add: Parameters<typeof partitionerToWire>[1]): WireSink {
  if (sink.kind !== "shuffle") return sink;
  return { ...sink, partitioner: partitionerToWire(sink.partitioner, add) };
}

export function allPartitions(node: PlanNode): number[] {
  return Array.from({ length: node.numPartitions }, (_, i) => i);
}
