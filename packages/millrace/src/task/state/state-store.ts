import type { StateMap } from "./state-map.ts";

/** One version of one partition of a state. */
export interface StateVersion {
  readonly map: StateMap;
  readonly version: number;
  /** What the update emitted beside the state. */
  readonly emitted: readonly unknown[];
  /** The entries as the update listed them, when that list says more than the map: a key may occur in it twice. */
  readonly listed: readonly unknown[] | undefined;
}

/** The versions of states that live where a task runs, by plan node and partition. */
export class StateStore {
  readonly #nodes = new Map<number, Map<number, StateVersion>>();

  get(node: number, partition: number): StateVersion | undefined {
    return this.#nodes.get(node)?.get(partition);
  }

  /** Takes in a version, which its map has retained once. */
  put(node: number, partition: number, version: StateVersion): void {
    let partitions = this.#nodes.get(node);
    if (partitions === undefined) {
      partitions = new Map();
      this.#nodes.set(node, partitions);
    }
    partitions.set(partition, version);
  }

  /** Forgets a node's version in every partition; the maps go on. */
  drop(node: number): void {
    for (const { map, version } of this.#nodes.get(node)?.values() ?? []) map.release(version);
    this.#nodes.delete(node);
  }

  clear(): void {
    this.#nodes.clear();
  }

  /** How many nodes have versions here. */
  get size(): number {
    return this.#nodes.size;
  }
}
