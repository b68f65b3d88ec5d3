import type { PlanNode } from "./node.ts";

/** What a node is computed from, as far as it still knows. */
export function parentsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.op) {
    case "source":
      return [];
    case "narrow":
    case "coalesce":
    case "shuffle":
      return [node.parent];
    case "union":
    case "zipPartitions":
      return node.parents;
    case "cartesian":
      return [node.left, node.right];
    case "localCheckpoint":
      return defined([node.parent]);
    case "state":
      return defined([
        node.lineage?.previous,
        ...(node.lineage?.updates ?? []),
        node.lineage?.initial,
        node.seed,
      ]);
    case "stateView":
      return [node.state];
  }
}

/** Whether the records of a node come to it through a shuffle, and are not in their partitions already. */
export function isShuffled(node: PlanNode): boolean {
  return node.op === "shuffle" && node.parent.partitioner?.equals(node.partitioner) !== true;
}

function defined(nodes: readonly (PlanNode | undefined)[]): readonly PlanNode[] {
  return nodes.filter(node => node !== undefined);
}
