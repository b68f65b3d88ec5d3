import type { PlanNode } from "../../plan/index.ts";
import type { KeptChange } from "../../task/partition-cache.ts";
import { cutLineage, type StorageStatus } from "../engine.ts";

interface KeptAt {
  readonly home: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

interface Kept {
  readonly node: WeakRef<PlanNode>;
  /** Partition → the slot that keeps it, and how much it takes there. */
  readonly homes: Map<number, KeptAt>;
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
    if (kept !== undefined) return kept.homes.get(partition)?.home;
    this.#kept.set(node.id, { node: new WeakRef(node), homes: new Map() });
    this.#registry.register(node, node.id);
    return undefined;
  }

  /**
   * A partition is kept now, elsewhere than before, or no more. When all of them are, lineage that is of no more use is let go. Answers
   * false when nobody wants it any more: the node was unpersisted or let go while the task ran.
   */
  add(home: number, { node: nodeId, partition, memoryBytes, diskBytes }: KeptChange): boolean {
    const kept = this.#kept.get(nodeId);
    if (kept === undefined) return false;
    if (memoryBytes === 0 && diskBytes === 0) {
      if (kept.homes.get(partition)?.home === home) kept.homes.delete(partition);
      return true;
    }
    kept.homes.set(partition, { home, memoryBytes, diskBytes });
    const node = kept.node.deref();
    if (node !== undefined && kept.homes.size === node.numPartitions) cutLineage(node);
    return true;
  }

  /** What is kept of each node. */
  status(): StorageStatus[] {
    return Array.from(this.#kept, ([node, { homes }]) => {
      const status = { node, partitions: homes.size, memoryBytes: 0, diskBytes: 0 };
      for (const { memoryBytes, diskBytes } of homes.values()) {
        status.memoryBytes += memoryBytes;
        status.diskBytes += diskBytes;
      }
      return status;
    });
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
      for (const [partition, at] of homes) if (at.home === home) homes.delete(partition);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
