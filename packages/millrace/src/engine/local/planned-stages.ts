import { isShuffled, type Origin, type PlanNode, parentsOf, type ShuffleNode } from "../../plan/index.ts";
import type { Engine } from "../engine.ts";
import type { PlannedStage } from "../events/index.ts";
import { nameOf } from "../events/stage-events.ts";

/** The stages that jobs will have, as far as their plans tell: ids are given out before the stages run. */
export class PlannedStages {
  readonly #ids = new Map<number, Map<ShuffleNode | "result", number>>();

  /** `hasRun` is asked of shuffles, `nextId` gives a new stage's id. Stages come before those that need them. */
  plan(
    job: Parameters<Required<Engine>["plannedStages"]>[0],
    hasRun: (shuffle: ShuffleNode) => boolean,
    nextId: () => number,
  ): PlannedStage[] {
    const stages: PlannedStage[] = [];
    const ids = new Map<ShuffleNode | "result", number>();
    this.#ids.set(job.id, ids);
    const add = (key: ShuffleNode | "result", node: PlanNode, origin: Origin, numTasks: number): number => {
      const parentIds = shufflesOf(node)
        .filter(shuffle => !hasRun(shuffle))
        .map(
          shuffle => ids.get(shuffle) ?? add(shuffle, shuffle.parent, shuffle, shuffle.parent.numPartitions),
        );
      const stageId = nextId();
      ids.set(key, stageId);
      stages.push({ stageId, name: nameOf(origin), numTasks, rddId: node.id, parentIds });
      return stageId;
    };
    add("result", job.node, job.origin, job.partitions.length);
    return stages;
  }

  /** The id that was given out, once: a stage that runs again is another one. */
  take(jobId: number, key: ShuffleNode | "result"): number | undefined {
    const ids = this.#ids.get(jobId);
    const id = ids?.get(key);
    ids?.delete(key);
    return id;
  }

  /** The job has ended. */
  forget(jobId: number): void {
    this.#ids.delete(jobId);
  }
}

/** The shuffles that a stage reads. Versions of states are not looked into: they are made when they are found missing. */
function shufflesOf(node: PlanNode): ShuffleNode[] {
  const found: ShuffleNode[] = [];
  const seen = new Set([node]);
  for (const each of seen) {
    if (isShuffled(each)) found.push(each as ShuffleNode);
    else if (each.op !== "stateView" && each.op !== "state")
      for (const parent of parentsOf(each)) seen.add(parent);
  }
  return found;
}
