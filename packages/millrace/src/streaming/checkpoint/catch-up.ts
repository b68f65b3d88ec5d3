import type { DStreamGraph } from "../dstream/graph.ts";
import type { BatchHistory } from "./batch-history.ts";

/**
 * Computes again what streams that build on their own results have come to since it was last saved, batch by batch,
 * so that lineage stays short. Outputs of these batches are done and do not run.
 */
export async function catchUp(graph: DStreamGraph, history: BatchHistory): Promise<void> {
  const stateful = graph.streams.filter(({ operator }) => operator.mustCheckpoint === true).reverse();
  const zeroMs = graph.zeroMs ?? 0;
  const knownMs = stateful.map(stream => Math.max(zeroMs, ...stream.generatedRDDs.keys()));
  const firstMs = Math.min(...knownMs) + graph.batchMs;
  const lastMs = (history.open[0] ?? (history.lastMs ?? zeroMs) + graph.batchMs) - graph.batchMs;
  for (let timeMs = firstMs; timeMs <= lastMs; timeMs += graph.batchMs) {
    for (const stream of stateful) await stream.getOrCompute(timeMs)?.count();
    graph.clearMetadata(timeMs);
  }
}
