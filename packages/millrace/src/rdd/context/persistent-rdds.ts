import type { StorageStatus } from "../../engine/index.ts";
import type { PlanNode, StorageLevel } from "../../plan/index.ts";

/** An RDD as far as its being kept goes. */
export interface PersistentRDD {
  readonly id: number;
  readonly name: string | undefined;
  readonly plan: PlanNode;
}

/** What is kept of a persistent RDD. */
export interface RDDStorageInfo {
  readonly id: number;
  readonly name: string | undefined;
  readonly storageLevel: StorageLevel;
  readonly numPartitions: number;
  readonly numCachedPartitions: number;
  /** Bytes in memory, by estimate. */
  readonly memSize: number;
  /** Bytes on disk. */
  readonly diskSize: number;
}

/** The RDDs of a context that were marked persistent; they are not held. */
export class PersistentRDDs {
  readonly #rdds = new Map<number, WeakRef<PersistentRDD>>();
  readonly #collected = new FinalizationRegistry<number>(id => this.#rdds.delete(id));

  add(rdd: PersistentRDD): void {
    if (this.#rdds.get(rdd.id)?.deref() !== undefined) return;
    this.#rdds.set(rdd.id, new WeakRef(rdd));
    this.#collected.register(rdd, rdd.id);
  }

  all(): Map<number, PersistentRDD> {
    const all = new Map<number, PersistentRDD>();
    for (const [id, reference] of this.#rdds) {
      const rdd = reference.deref();
      if (rdd?.plan.storageLevel.isValid === true) all.set(id, rdd);
    }
    return all;
  }

  storageInfo(statuses: readonly StorageStatus[]): RDDStorageInfo[] {
    const infos: RDDStorageInfo[] = [];
    const all = this.all();
    for (const { node, partitions, memoryBytes, diskBytes } of statuses) {
      const rdd = all.get(node);
      if (rdd === undefined || partitions === 0) continue;
      infos.push({
        id: rdd.id,
        name: rdd.name,
        storageLevel: rdd.plan.storageLevel,
        numPartitions: rdd.plan.numPartitions,
        numCachedPartitions: partitions,
        memSize: memoryBytes,
        diskSize: diskBytes,
      });
    }
    return infos;
  }
}
