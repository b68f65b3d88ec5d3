import type { Workload } from "../harness/workload.ts";
import { emptyBatches } from "./empty-batches.ts";
import { eventLoopLateness } from "./event-loop-lateness.ts";
import { firstOutput } from "./first-output.ts";
import { grep } from "./grep.ts";
import { keyedStateWorkloads } from "./keyed-state.ts";
import { numbersWorkloads } from "./numbers.ts";
import { recoveryTimeWorkloads } from "./recovery-time.ts";
import { socketIntake } from "./socket-intake.ts";
import { socketLatency } from "./socket-latency.ts";
import { sparkBatch } from "./spark-batch.ts";
import { sparkWordCount } from "./spark-word-count.ts";
import { stateCheckpoint } from "./state-checkpoint.ts";
import { streamingWordCount } from "./streaming-word-count.ts";
import { checkpoint10ms, tinyBatchWorkloads } from "./tiny-batches.ts";
import { window } from "./window.ts";
import { wordCount } from "./word-count.ts";
import { yahoo } from "./yahoo.ts";

/** In the order in which they run. */
export const workloads: readonly Workload[] = [
  wordCount,
  grep,
  ...numbersWorkloads,
  streamingWordCount,
  window,
  yahoo,
  ...keyedStateWorkloads,
  stateCheckpoint,
  ...tinyBatchWorkloads,
  socketLatency,
  socketIntake,
  checkpoint10ms,
  emptyBatches,
  firstOutput,
  ...recoveryTimeWorkloads,
  eventLoopLateness,
  sparkBatch,
  sparkWordCount,
];
