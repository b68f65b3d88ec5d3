import { millraceError } from "../common/errors/index.ts";
import type {
  Aggregator,
  LocalCheckpointNode,
  NarrowNode,
  Origin,
  PlanNode,
  ShuffleNode,
  StateNode,
  StateView,
  StateViewNode,
} from "../plan/index.ts";
import type { KeptAs } from "../task/partition-cache.ts";
import type { PlainValues } from "../task/readers/values.ts";
import type { ShuffleBlock } from "../task/shuffle-block.ts";
import type {
  Aggregation,
  StateOrigin,
  Step,
  TaskInput,
  TaskStateRule,
  TaskStateView,
} from "../task/spec.ts";
import { stateLost } from "./failure.ts";
import type { FunctionTable } from "./function-table.ts";
import { operationOf } from "./operation-of.ts";

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
  fetched(node: LocalCheckpointNode | StateViewNode, partition: number): PlainValues | undefined;
  /**
   * Where a version of a state is kept: where the task will run, in another place, or nowhere. Engines that keep
   * no states leave it out: a version is then a persisted node like others, and all of it is read and written in
   * each batch.
   */
  stateAt?(node: StateNode, partition: number): "here" | "elsewhere" | "nowhere";
}

/** What must run before a task can. */
export interface Missing {
  shuffles?: Set<ShuffleNode>;
  fetches?: { readonly node: LocalCheckpointNode | StateViewNode; readonly partition: number }[];
  /** Partitions of states that must be made first, each where it belongs. */
  states?: Map<StateNode, Set<number>>;
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
  return new InputBuilder(functions, locations, missing).build(node, partition);
}

class InputBuilder {
  readonly #functions: FunctionTable;
  readonly #locations: DataLocations;
  readonly #missing: Missing;

  constructor(functions: FunctionTable, locations: DataLocations, missing: Missing) {
    this.#functions = functions;
    this.#locations = locations;
    this.#missing = missing;
  }

  build(from: PlanNode, at: number): TaskInput {
    if (from.op === "stateView") return this.#viewState(from, at);
    if (from.op === "state" && this.#locations.stateAt !== undefined) return this.#updateState(from, at);
    if (!from.storageLevel.isValid) return this.#compute(from, at);
    const input = this.#locations.isKept(from, at) ? undefined : this.#compute(from, at);
    return { op: "cached", node: from.id, partition: at, as: keptAs(from), input };
  }

  #compute(from: Exclude<PlanNode, StateViewNode>, at: number): TaskInput {
    switch (from.op) {
      case "source":
        return {
          op: "read",
          reader: from.reader,
          split: from.splits[at],
          operation: operationOf(from),
        };
      case "narrow": {
        const steps: Step[] = [];
        let upstream: PlanNode = from;
        for (let step: NarrowNode | undefined = from; step !== undefined; ) {
          steps.push({ kind: step.kind, fn: this.#functions.add(step.fn, step) });
          upstream = step.parent;
          step = upstream.op === "narrow" && !upstream.storageLevel.isValid ? upstream : undefined;
        }
        return { op: "steps", partition: at, steps: steps.reverse(), input: this.build(upstream, at) };
      }
      case "union":
        return from.aligned
          ? { op: "concat", inputs: from.parents.map(parent => this.build(parent, at)) }
          : this.#buildUnion(from.parents, at);
      case "coalesce":
        return {
          op: "concat",
          inputs: (from.groups[at] ?? []).map(group => this.build(from.parent, group)),
        };
      case "zipPartitions":
        return {
          op: "zip",
          fn: this.#functions.add(from.fn, from),
          inputs: from.parents.map(parent => this.build(parent, at)),
        };
      case "cartesian":
        return {
          op: "cartesian",
          left: this.build(from.left, Math.floor(at / from.right.numPartitions)),
          right: this.build(from.right, at % from.right.numPartitions),
        };
      case "state":
        return this.#recordState(from, at);
      case "localCheckpoint":
        return from.parent === undefined ? this.#fetch(from, at) : this.build(from.parent, at);
      case "shuffle": {
        if (from.parent.partitioner?.equals(from.partitioner) === true) return this.#inPlace(from, at);
        // Of no partitions there is nothing to bring here, so that batches without input have one stage less.
        const blocks = from.parent.numPartitions === 0 ? [] : this.#locations.shuffled(from, at);
        if (blocks === undefined) this.#wantShuffle(from);
        return this.#sorted(from, {
          op: "shuffled",
          blocks: blocks ?? [],
          aggregation:
            from.aggregator === undefined
              ? undefined
              : buildAggregation(from.aggregator, from, this.#functions),
        });
      }
    }
  }

  #wantShuffle(shuffle: ShuffleNode): void {
    this.#missing.shuffles ??= new Set();
    this.#missing.shuffles.add(shuffle);
  }

  #viewState(from: StateViewNode, at: number): TaskInput {
    const { state } = from;
    const view = taskView(from.view);
    if (this.#locations.stateAt === undefined)
      return { op: "recordedView", input: this.build(state, at), view };
    switch (this.#locations.stateAt(state, at)) {
      case "here":
        return { op: "stateView", node: state.id, partition: at, view };
      case "elsewhere":
        return this.#fetch(from, at);
      case "nowhere":
        this.#wantState(state, at);
        return emptyInput;
    }
  }

  #wantState(state: StateNode, at: number): void {
    this.#missing.states ??= new Map();
    const wanted = this.#missing.states.get(state) ?? new Set();
    this.#missing.states.set(state, wanted.add(at));
  }

  /** The task that makes a partition of a version; it runs where the version before has that partition. */
  #updateState(from: StateNode, at: number): TaskInput {
    const place = { node: from.id, partition: at } as const;
    const previous = from.lineage?.previous;
    const first = from.seed === undefined && previous !== undefined ? previous : from;
    const where = this.#locations.stateAt?.(first, at);
    if (first === from && where === "here") return { op: "stateView", ...place, view: { kind: "nothing" } };
    if (first !== from && where === "nowhere") this.#wantState(first, at);
    const before = previous === undefined ? undefined : ({ kind: "version", node: previous.id } as const);
    return { op: "stateUpdate", ...place, keeps: true, ...this.#stateSteps(from, at, before) };
  }

  /** A version for an engine that keeps records only. */
  #recordState(from: StateNode, at: number): TaskInput {
    const previous = from.lineage?.previous;
    const before = previous && ({ kind: "recorded", input: this.build(previous, at) } as const);
    return {
      op: "stateUpdate",
      node: from.id,
      partition: at,
      keeps: false,
      ...this.#stateSteps(from, at, before),
    };
  }

  /** `before`: how the task gets at the version before, if there is one. */
  #stateSteps(from: StateNode, at: number, before: StateOrigin | undefined) {
    const rule: TaskStateRule = {
      name: from.rule.name,
      functions: from.rule.functions.map(fn => this.#functions.add(fn, from)),
      params: from.rule.params,
      operation: { operator: from.operator, site: from.site?.text },
    };
    const { seed, lineage } = from;
    if (seed !== undefined) {
      const origin: StateOrigin = { kind: "snapshot", input: this.build(seed, at) };
      return { from: origin, updates: [], rule };
    }
    if (lineage === undefined) throw stateLost(from, at);
    const { initial } = lineage;
    const first: StateOrigin =
      initial === undefined ? { kind: "empty" } : { kind: "pairs", input: this.build(initial, at) };
    return { from: before ?? first, updates: lineage.updates.map(update => this.build(update, at)), rule };
  }

  #fetch(from: LocalCheckpointNode | StateViewNode, at: number): TaskInput {
    const split = this.#locations.fetched(from, at);
    if (split === undefined) {
      this.#missing.fetches ??= [];
      this.#missing.fetches.push({ node: from, partition: at });
    }
    return { op: "read", reader: { name: "values" }, split };
  }

  /** Every pair is in its partition already: no shuffle. */
  #inPlace(from: ShuffleNode, at: number): TaskInput {
    const input = this.build(from.parent, at);
    if (from.aggregator === undefined) return this.#sorted(from, input);
    const aggregation = buildAggregation(from.aggregator, from, this.#functions);
    return this.#sorted(from, { op: "aggregate", input, aggregation: { ...aggregation, isCombined: false } });
  }

  #sorted(from: ShuffleNode, input: TaskInput): TaskInput {
    if (from.ordering === undefined) return input;
    const { descending, compare } = from.ordering;
    const operation = { operator: from.operator, site: from.site?.text };
    const fn = compare === undefined ? undefined : this.#functions.add(compare, from);
    return { op: "sort", input, ordering: { descending, compare: fn, operation } };
  }

  #buildUnion(parents: readonly PlanNode[], at: number): TaskInput {
    let first = 0;
    for (const parent of parents) {
      if (at < first + parent.numPartitions) return this.build(parent, at - first);
      first += parent.numPartitions;
    }
    throw millraceError("MR_INTERNAL", `a union of ${first} partitions has no partition ${at}`);
  }
}

function taskView(view: StateView): TaskStateView {
  return view.kind === "snapshot"
    ? { kind: view.kind, since: view.since?.id, part: view.part, slice: view.slice }
    : { kind: view.kind };
}

/** For what is to be built again anyway. */
const emptyInput: TaskInput = { op: "concat", inputs: [] };

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

/** How a node's partitions are kept; those whose lineage may be let go are the only copy. */
function keptAs({ op, storageLevel }: PlanNode): KeptAs {
  const { useDisk, useMemory, useOffHeap, deserialized } = storageLevel;
  const isOnlyCopy = op === "localCheckpoint" || op === "state" || op === "stateView";
  return { useDisk, useMemory, useOffHeap, deserialized, isOnlyCopy };
}
