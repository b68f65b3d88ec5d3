import { millraceError } from "../../common/errors/index.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import { undeclaredForm } from "../dstream/state-form.ts";
import { stateOf } from "../dstream/state-rdd.ts";
import type { StreamNode } from "../dstream/stream-node.ts";
import { type Acceptable, compareGraph, stillFits } from "./compare-graph.ts";
import type { LoadedCheckpoint } from "./load-checkpoint.ts";
import { isPartitionedBy, rewrittenSeed, stateSeed } from "./restored-state.ts";
import { restoredRDD } from "./saved-records.ts";
import type { SavedOperator, SavedRecords } from "./snapshot.ts";

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
  compareGraph(snapshot, history, graph, accepted);
  const streams = new Map(graph.streams.map(stream => [stream.id, stream]));
  const kept: SavedOperator[] = [];
  const restored = (stream: StreamNode<unknown>, saved: SavedRecords): RDD<unknown> => {
    const { operator } = stream;
    if (saved.chains === undefined || operator.restoreState === undefined) {
      return restoredRDD(context, saved, records.get(saved.file ?? "") ?? []);
    }
    const asBefore = operator.restoreState(stateSeed(saved, records), saved.timeMs, stream);
    const partitioner = stateOf(asBefore)?.partitioner;
    const { version, migrate } = operator.stateForm ?? undeclaredForm;
    const isOther = (saved.stateVersion ?? 0) !== version;
    if (partitioner === undefined || (!isOther && isPartitionedBy(saved, partitioner))) return asBefore;
    // The program assigns keys to partitions in another way now, or has states of another form.
    const seed = rewrittenSeed(saved, records, partitioner, isOther ? migrate : undefined);
    return operator.restoreState(seed, saved.timeMs, stream);
  };
  for (const saved of snapshot.operators) {
    const stream = streams.get(saved.id);
    if (stream === undefined || !stillFits(saved, stream, history)) continue;
    kept.push(saved);
    for (const each of saved.records) {
      if (each.file !== null) stream.restore(each.timeMs, restored(stream, each));
    }
    const newestMs = saved.records.at(-1)?.timeMs;
    if (newestMs !== undefined && saved.isStateful) stream.pin(newestMs);
  }
  for (const [id, input] of graph.inputsInUse) {
    if (input.notRecoverable !== undefined) {
      throw millraceError("MR_STREAMING_CHECKPOINT", input.notRecoverable, {
        operator: input.kind,
        hint: "Read from files or another source that keeps its records, or begin in a new checkpoint directory.",
      });
    }
    input.restore?.({
      state: snapshot.operators.find(saved => saved.id === id)?.state,
      batches: history.inputs
        .filter(([, inputs]) => Object.hasOwn(inputs, id))
        .map(([timeMs, inputs]) => ({ timeMs, recorded: inputs[id] })),
      lastMs: history.lastMs ?? snapshot.zeroMs,
    });
  }
  return kept;
}
