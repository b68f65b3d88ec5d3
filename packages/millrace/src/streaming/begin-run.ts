import type { StreamClock } from "../common/clock/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { SparkContext } from "../rdd/index.ts";
import { BatchHistory } from "./checkpoint/batch-history.ts";
import { BatchLog } from "./checkpoint/batch-log.ts";
import { catchUp } from "./checkpoint/catch-up.ts";
import { Checkpointer } from "./checkpoint/checkpointer.ts";
import type { LoadedCheckpoint } from "./checkpoint/load-checkpoint.ts";
import type { OpenCheckpoint } from "./checkpoint/open-checkpoint.ts";
import { planRestart } from "./checkpoint/restart-plan.ts";
import { restoreGraph } from "./checkpoint/restore-graph.ts";
import type { DStreamGraph } from "./dstream/graph.ts";
import { BatchBooks } from "./scheduler/batch-books.ts";
import type { Restart } from "./scheduler/job-generator.ts";
import { nextBatchTime } from "./scheduler/recurring-timer.ts";
import type { RecoverySettings } from "./settings.ts";
import type { OutputCommits } from "./sink/output-commits.ts";

/** What a run begins with. */
export interface BeginOptions {
  readonly graph: DStreamGraph;
  readonly context: SparkContext;
  readonly platform: Platform;
  readonly clock: StreamClock;
  readonly logger: Logger;
  readonly directory: string;
  readonly settings: RecoverySettings;
}

/** A graph that is started, and what its batches are written down with. */
export interface BegunRun {
  readonly checkpointer: Checkpointer;
  readonly books: BatchBooks;
  /** The batches to begin with. */
  readonly restart: Restart;
}

/**
 * Starts the graph on a checkpoint directory, as new or where the run before stopped, and writes the first
 * checkpoint: from then on the directory belongs to this run.
 * @throws MR_CHECKPOINT_MISMATCH, MR_STREAMING_CHECKPOINT, MR_CHECKPOINT_FENCED, MR_IO
 */
export async function beginRun(
  { graph, context, platform, clock, logger, directory, settings }: BeginOptions,
  commits: OutputCommits,
  { fence, loaded, records }: OpenCheckpoint,
): Promise<BegunRun> {
  graph.start(
    loaded === undefined ? nextBatchTime(clock, graph.batchMs) - graph.batchMs : zeroTime(loaded, graph),
    directory,
  );
  const saved = loaded === undefined ? [] : restoreGraph(graph, context, loaded, records, settings.accepted);
  const history = loaded?.history ?? new BatchHistory();
  graph.skip(timeMs => history.isSkipped(timeMs));
  const log = await BatchLog.begin(platform.files, directory, fence, loaded?.end ?? null);
  const conf = context.conf;
  const isFresh = loaded === undefined;
  const known = new Map(loaded === undefined ? [] : [[loaded.name, loaded.snapshot]]);
  const checkpointer = new Checkpointer({
    ...{ directory, fence, log, history, isFresh, known, saved, graph, context, platform, conf, logger },
  });
  await checkpointer.writeFirstFile();
  const books = new BatchBooks(checkpointer, graph, commits);
  await books.open(platform, directory);
  const zeroMs = graph.zeroMs ?? 0;
  const { batchMs } = graph;
  if (isFresh) {
    const restart = { catchUp: async () => {}, times: [], firstMs: zeroMs + batchMs };
    return { checkpointer, books, restart };
  }
  const { open, lastMs } = history;
  const plan = planRestart({ zeroMs, batchMs, open, lastMs }, clock.now(), settings.downTimePolicy);
  if (plan.skipped !== undefined) await checkpointer.skipped(...plan.skipped);
  logger.info(
    `Going on after the batch at ${lastMs ?? zeroMs} ms: ${open.length} batches run again, ${plan.times.length - open.length} were missed`,
  );
  return { checkpointer, books, restart: { ...plan, catchUp: () => catchUp(graph, history) } };
}

/**
 * The zero time never changes, so that windows stay where they are; unless the batch interval does, and then batches go
 * on from the last one.
 */
function zeroTime({ snapshot, history }: LoadedCheckpoint, { batchMs }: DStreamGraph): number {
  const { zeroMs } = snapshot;
  return batchMs === snapshot.batchMs ? zeroMs : (history.lastMs ?? zeroMs + batchMs) - batchMs;
}
