import { nextNodeId } from "./build.ts";
import type { LocalCheckpointNode, PlanNode } from "./node.ts";
import { StorageLevel } from "./storage-level.ts";

/**
 * Makes a node, where it stands, a local checkpoint of what it was: nodes built on it go on with it, and what it was
 * computed from is let go once all its partitions are kept. What it keeps already must be let go before, for that may
 * be dropped when memory is short. Not for a node that `endsLineage`.
 */
export function becomeLocalCheckpoint(node: PlanNode): void {
  const { id, operator, site, numPartitions, partitioner, storageLevel, preparation } = node;
  const parent: PlanNode = { ...node, id: nextNodeId(), storageLevel: StorageLevel.NONE };
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  const checkpoint: LocalCheckpointNode = {
    ...{ id, operator, site, numPartitions, partitioner, preparation },
    storageLevel: storageLevel.isValid ? storageLevel : StorageLevel.MEMORY_AND_DISK,
    ...{ op: "localCheckpoint", parent },
  };
  Object.assign(node, checkpoint);
}

/** Whether a node lets go of what it was computed from by itself: local checkpoints do, and versions of states. */
export function endsLineage({ op }: PlanNode): boolean {
  return op === "localCheckpoint" || op === "state" || op === "stateView";
}
