import { checkpointLost, cutLineage, type PlanNode, stateLost } from "millrace/engine";

/** Partitions of a node that stay on the cluster; without an id when it has none. */
interface Kept {
  readonly node: WeakRef<PlanNode>;
  readonly relation: Promise<string | undefined>;
}

/**
 * Which persisted nodes the cluster keeps. Nodes are not held: when a program lets go of an RDD, or unpersists
 * it, `remove` is told.
 */
export class KeptRelations {
  readonly #kept = new Map<number, Kept>();
  readonly #remove: (relationId: string) => void;
  readonly #registry = new FinalizationRegistry<number>(node => this.forget(node));

  constructor(remove: (relationId: string) => void) {
    this.#remove = remove;
  }

  has(node: PlanNode): boolean {
    return this.#kept.has(node.id);
  }

  /** What a node is kept in; `keep` is called when it is not yet. */
  async relationOf(node: PlanNode, keep: () => Promise<string | undefined>): Promise<string | undefined> {
    let kept = this.#kept.get(node.id);
    if (kept === undefined) {
      assertLineage(node);
      const relation = keep();
      kept = { node: new WeakRef(node), relation };
      this.#kept.set(node.id, kept);
      this.#registry.register(node, node.id);
      relation.then(
        () => {
          cutLineage(node);
        },
        () => {
          if (this.#kept.get(node.id)?.relation === relation) this.#kept.delete(node.id);
        },
      );
    }
    return kept.relation;
  }

  forget(node: number): void {
    const kept = this.#kept.get(node);
    this.#kept.delete(node);
    kept?.relation.then(
      id => {
        if (id !== undefined) this.#remove(id);
      },
      () => {},
    );
  }
}

/** Throws when a node that is not kept, or is lost, cannot be computed again. */
export function assertLineage(node: PlanNode): void {
  if (node.op === "localCheckpoint" && node.parent === undefined) throw checkpointLost(node, 0);
  if (node.op === "state" && node.lineage === undefined && node.seed === undefined) throw stateLost(node, 0);
}
