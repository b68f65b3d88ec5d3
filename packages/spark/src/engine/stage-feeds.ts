import type { PlanNode, ShuffleNode } from "millrace/engine";
import type { Route } from "./stage-program.ts";

/** Data a stage's tasks read that is on the cluster, and which task reads which part of it. */
export class StageFeeds {
  readonly shuffles = new Map<
    ShuffleNode,
    Map<number, { readonly slot: number; readonly tasks: Set<number> }>
  >();
  readonly kept = new Map<PlanNode, Map<number, Set<number>>>();
  #slots = 0;

  /** The slot of a reducer, which `task` reads. */
  slotOf(node: ShuffleNode, reducer: number, task: number): number {
    const reducers = entry(this.shuffles, node, () => new Map());
    const { slot, tasks } = entry(reducers, reducer, () => ({
      slot: this.#slots++,
      tasks: new Set<number>(),
    }));
    tasks.add(task);
    return slot;
  }

  /** Notes that `task` reads a kept partition. */
  readKept(node: PlanNode, partition: number, task: number): void {
    const partitions = entry(this.kept, node, () => new Map<number, Set<number>>());
    entry(partitions, partition, () => new Set<number>()).add(task);
  }

  /** Where a shuffle's map tasks send their blocks; `pre[task]` leads to a task. */
  routesOf(node: ShuffleNode, pre: readonly number[]): Route[] {
    return Array.from(this.shuffles.get(node) ?? [], ([reducer, { slot, tasks }]) => ({
      reducer,
      slot,
      targets: Array.from(tasks, task => pre[task] as number),
    }));
  }

  /** Whether task i reads partition i of the node, for all of them, and nothing else of it. */
  isInPlace(node: PlanNode, numTasks: number): boolean {
    const partitions = this.kept.get(node);
    return (
      partitions !== undefined &&
      node.numPartitions === numTasks &&
      Array.from(partitions).every(([partition, tasks]) => tasks.size === 1 && tasks.has(partition))
    );
  }

  /** By partition: where its blocks go. */
  targetsOf(node: PlanNode, pre: readonly number[]): number[][] {
    const partitions = this.kept.get(node);
    return Array.from({ length: node.numPartitions }, (_, partition) =>
      Array.from(partitions?.get(partition) ?? [], task => pre[task] as number),
    );
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
