import type { PlanNode, ReaderRef, SourceNode } from "./node.ts";

/**
 * Makes a node, where it stands, one that reads its partitions from where they were saved: nodes built on it go on with
 * it, and what it was computed from is let go. To be called when no job is under way that looks at its lineage.
 */
export function becomeSource(node: PlanNode, reader: ReaderRef, splits: readonly unknown[]): void {
  const { id, operator, site, numPartitions, partitioner, storageLevel } = node;
  // A call site that nobody has looked at yet holds the stack, and with it the RDDs this node was made of.
  void site?.text;
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  const source: SourceNode = {
    ...{ id, operator, site, numPartitions, partitioner, storageLevel, preparation: undefined },
    ...{ op: "source", reader, splits },
  };
  Object.assign(node, source);
}
