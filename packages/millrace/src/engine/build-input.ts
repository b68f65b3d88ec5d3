import { millraceError } from "../common/errors/index.ts";
import type {
  Aggregator,
  LocalCheckpointNode,
  NarrowNode,
  Origin,
  PlanNode,
  ShuffleNode,
} from "../plan/index.ts";
import type { PlainValues } from "../task/readers/values.ts";
import type { ShuffleBlock } from "../task/shuffle-block.ts";
import type { Aggregation, Step, TaskInput } from "../task/spec.ts";
import type { FunctionTable } from "./function-table.ts";

/** What an engine knows about data that is there already. */
export interface DataLocations {
  /** The blocks of one reducer, or `undefined` when the shuffle must run first. */
  shuffled(node: ShuffleNode, reducer: number): readonly ShuffleBlock[] | undefined;
  /** Asked of every persisted node: whether the partition is kept where the task will run. */
  isKept(node: PlanNode, partition: number): boolean;
  /**
   * Asked of partitions that cannot be computed again: the records, when they are kept elsewhere and were
   * fetched; `undefined` when they must be fetched first. Throws when they are lost.
   */
  fetched(node: LocalCheckpointNode, partition: number): PlainValues | undefined;
}

/** What must run before a task can. */
export interface Missing {
  readonly shuffles: Set<ShuffleNode>;
  readonly fetches: { readonly node: LocalCheckpointNode; readonly partition: number }[];
}

/**
 * The lineage of one partition as task input, down to sources, kept partitions and shuffles. What must
 * run first is added to `missing`; the input is then of no use yet.
 */
export function buildInput(
  node: PlanNode,
  partition: number,
  functions: FunctionTable,
  locations: DataLocations,
  missing: Missing,
): TaskInput {
  const build = (from: PlanNode, at: number): TaskInput => {
    if (!from.storageLevel.isValid) return compute(from, at);
    const input = locations.isKept(from, at) ? undefined : compute(from, at);
    return { op: "cached", node: from.id, partition: at, input };
  };

  const compute = (from: PlanNode, at: number): TaskInput => {
    switch (from.op) {
      case "source":
        return { op: "read", reader: from.reader, split: from.splits[at] };
      case "narrow": {
        const steps: Step[] = [];
        let upstream: PlanNode = from;
        for (let step: NarrowNode | undefined = from; step !== undefined; ) {
          steps.push({ kind: step.kind, fn: functions.add(step.fn, step) });
          upstream = step.parent;
          step = upstream.op === "narrow" && !upstream.storageLevel.isValid ? upstream : undefined;
        }
        return { op: "steps", partition: at, steps: steps.reverse(), input: build(upstream, at) };
      }
      case "union":
        return from.aligned
          ? { op: "concat", inputs: from.parents.map(parent => build(parent, at)) }
          : buildUnion(from.parents, at);
      case "coalesce":
        return {
          op: "concat",
          inputs: (from.groups[at] ?? []).map(group => build(from.parent, group)),
        };
      case "zipPartitions":
        return {
          op: "zip",
          fn: functions.add(from.fn, from),
          inputs: from.parents.map(parent => build(parent, at)),
        };
      case "cartesian":
        return {
          op: "cartesian",
          left: build(from.left, Math.floor(at / from.right.numPartitions)),
          right: build(from.right, at % from.right.numPartitions),
        };
      case "localCheckpoint":
        return from.parent === undefined ? fetch(from, at) : build(from.parent, at);
      case "shuffle": {
        if (from.parent.partitioner?.equals(from.partitioner) === true) return inPlace(from, at);
        const blocks = locations.shuffled(from, at);
        if (blocks === undefined) missing.shuffles.add(from);
        return {
          op: "shuffled",
          blocks: blocks ?? [],
          aggregation:
            from.aggregator === undefined ? undefined : buildAggregation(from.aggregator, from, functions),
        };
      }
    }
  };

  const fetch = (from: LocalCheckpointNode, at: number): TaskInput => {
    const split = locations.fetched(from, at);
    if (split === undefined) missing.fetches.push({ node: from, partition: at });
    return { op: "read", reader: { name: "values" }, split };
  };

  /** Every pair is in its partition already: no shuffle. */
  const inPlace = (from: ShuffleNode, at: number): TaskInput => {
    const input = build(from.parent, at);
    if (from.aggregator === undefined) return input;
    const aggregation = buildAggregation(from.aggregator, from, functions);
    return { op: "aggregate", input, aggregation: { ...aggregation, isCombined: false } };
  };

  const buildUnion = (parents: readonly PlanNode[], at: number): TaskInput => {
    let first = 0;
    for (const parent of parents) {
      if (at < first + parent.numPartitions) return build(parent, at - first);
      first += parent.numPartitions;
    }
    throw millraceError("MR_INTERNAL", `a union of ${first} partitions has no partition ${at}`);
  };

  return build(node, partition);
}

/** An aggregator as positions in a table of functions; the reading side's view of it. */
export function buildAggregation(
  aggregator: Aggregator,
  origin: Origin,
  functions: FunctionTable,
): Aggregation {
  return {
    create: aggregator.create === undefined ? undefined : functions.add(aggregator.create, origin),
    mergeValue: functions.add(aggregator.mergeValue, origin),
    mergeCombiners: functions.add(aggregator.mergeCombiners, origin),
    isCombined: aggregator.mapSideCombine,
  };
}
