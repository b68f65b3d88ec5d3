import type { PlanNode } from "../../plan/index.ts";
import { cutLineage } from "../engine.ts";

interface Kept {
  readonly node: WeakRef<PlanNode>;
  /** Partition → the slot that keeps it. */
  readonly homes: Map<number, number>;
}

/**
 * Where persisted partitions are kept. Nodes themselves are not held: when a program lets go of an RDD,
 * `onUnreachable` hears of it and the memory is freed.
 */
export class KeptPartitions {
  readonly #kept = new Map<number, Kept>();
  readonly #registry: FinalizationRegistry<number>;

  constructor(onUnreachable: (node: number) => void) {
    this.#registry = new FinalizationRegistry(node => {
      if (this.#kept.delete(node)) onUnreachable(node);
    });
  }

  /** The slot that keeps a partition; starts watching the node. */
  homeOf(node: PlanNode, partition: number): number | undefined {
    const kept = this.#kept.get(node.id);
    if (kept !== undefined) return kept.homes.get(partition);
    this.#kept.set(node.id, { node: new WeakRef(node), homes: new Map() });
    this.#registry.register(node, node.id);
    return undefined;
  }

  /**
   * A partition is kept now. When all of them are, lineage that is of no more use is let go. Answers
   * false when nobody wants it any more: the node was unpersisted or let go while the task ran.
   */
  add(nodeId: number, partition: number, home: number): boolean {
    const kept = this.#kept.get(nodeId);
    if (kept === undefined) return false;
    kept.homes.set(partition, home);
    const node = kept.node.deref();
    if (node !== undefined && kept.homes.size === node.numPartitions) cutLineage(node);
    return true;
  }

  forget(nodeId: number): void {
    this.#kept.delete(nodeId);
  }

  forgetPartition(nodeId: number, partition: number): void {
    this.#kept.get(nodeId)?.homes.delete(partition);
  }

  /** Everything a slot kept is gone. */
  forgetHome(home: number): void {
    for (const { homes } of this.#kept.values()) {
      for (const [partition, at] of homes) if (at === home) homes.delete(partition);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
