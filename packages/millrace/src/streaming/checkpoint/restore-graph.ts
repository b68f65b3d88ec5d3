import type { SparkContext } from "../../rdd/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import { type Acceptable, compareGraph, stillFits } from "./compare-graph.ts";
import type { LoadedCheckpoint } from "./load-checkpoint.ts";
import { restoredRDD } from "./saved-records.ts";
import type { SavedOperator } from "./snapshot.ts";

/**
 * Pours what a checkpoint holds into the streams of a graph that was started with its zero time. Answers what is
 * known of each stream from now on.
 * @throws MR_CHECKPOINT_MISMATCH
 */
export function restoreGraph(
  graph: DStreamGraph,
  context: SparkContext,
  { snapshot, history }: LoadedCheckpoint,
  records: ReadonlyMap<string, readonly Uint8Array[]>,
  accepted: ReadonlySet<Acceptable>,
): readonly SavedOperator[] {
  compareGraph(snapshot, graph, accepted);
  const streams = new Map(graph.streams.map(stream => [stream.id, stream]));
  const restored: SavedOperator[] = [];
  for (const saved of snapshot.operators) {
    const stream = streams.get(saved.id);
    if (stream === undefined || !stillFits(saved, stream)) continue;
    restored.push(saved);
    for (const each of saved.records) {
      if (each.file === null) continue;
      stream.restore(each.timeMs, restoredRDD(context, each, records.get(each.file) ?? []));
    }
  }
  for (const [id, input] of graph.inputsInUse) {
    input.restore?.({
      state: snapshot.operators.find(saved => saved.id === id)?.state,
      batches: history.inputs
        .filter(([, inputs]) => Object.hasOwn(inputs, id))
        .map(([timeMs, inputs]) => ({ timeMs, recorded: inputs[id] })),
      lastMs: history.lastMs ?? snapshot.zeroMs,
    });
  }
  return restored;
}
