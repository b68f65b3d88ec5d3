import type {
  LocalCheckpointNode,
  PlanNode,
  ShuffleNode,
  StateNode,
  StateViewNode,
} from "../../plan/index.ts";
import type { PlainValues } from "../../task/readers/values.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";
import type { DataLocations } from "../build-input.ts";
import { checkpointLost } from "../failure.ts";
import type { Executor } from "./executor.ts";
import type { KeptPartitions } from "./kept-partitions.ts";
import type { ShuffleOutputs } from "./shuffle-outputs.ts";

/** Partitions of local checkpoints brought here from other slots, by node. */
export type FetchedPartitions = Map<number, Map<number, PlainValues>>;

/** Where the data of one task lies, and so where the task runs: all that is kept and read by it must be in one slot. */
export class TaskLocations implements DataLocations {
  readonly #partition: number;
  readonly #executor: Executor;
  readonly #kept: KeptPartitions;
  readonly #shuffles: ShuffleOutputs;
  readonly #fetched: FetchedPartitions | undefined;
  #home: number | undefined;
  #touchesKept = false;

  constructor(
    partition: number,
    executor: Executor,
    kept: KeptPartitions,
    shuffles: ShuffleOutputs,
    fetched: FetchedPartitions | undefined,
  ) {
    this.#partition = partition;
    this.#executor = executor;
    this.#kept = kept;
    this.#shuffles = shuffles;
    this.#fetched = fetched;
  }

  /** The slot the task must run in; `undefined` when any will do. */
  get home(): number | undefined {
    return this.#home ?? (this.#touchesKept ? this.#executor.homeOf(this.#partition) : undefined);
  }

  shuffled(shuffle: ShuffleNode, reducer: number): readonly ShuffleBlock[] | undefined {
    return this.#shuffles.blocksOf(shuffle, reducer);
  }

  isKept(persisted: PlanNode, at: number): boolean {
    this.#touchesKept = true;
    const where = this.#kept.homeOf(persisted, at);
    this.#home ??= where;
    return where !== undefined && where === this.#home;
  }

  fetched(persisted: LocalCheckpointNode | StateViewNode, at: number): PlainValues | undefined {
    const isView = persisted.op === "stateView";
    if (!isView && this.#kept.homeOf(persisted, at) === undefined) throw checkpointLost(persisted, at);
    return this.#fetched?.get(persisted.id)?.get(at);
  }

  stateAt(state: StateNode, at: number): "here" | "elsewhere" | "nowhere" {
    const where = this.#kept.homeOf(state, at);
    this.#home ??= where ?? this.#executor.homeOf(at);
    return where === undefined ? "nowhere" : where === this.#home ? "here" : "elsewhere";
  }
}
