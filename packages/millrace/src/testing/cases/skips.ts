import type { ReferenceCase } from "./reference-case.ts";
import { hasAdapter } from "./unit-case.ts";
import type { CaseSettings } from "./verdict.ts";

/** Why some cases are not run. */
export interface SkipRule {
  readonly reason: string;
  readonly matches: (theCase: ReferenceCase, settings: CaseSettings) => boolean;
  /** May match no case at all, depending on the settings and the file. */
  readonly isOptional?: boolean;
}

const readsPartitions = calls("glom|mapPartitions|mapPartitionsWithIndex");

/**
 * The list of skips, first match first. Whoever builds what a rule waits for deletes the rule: `--check-skips`
 * reports rules that match nothing and cases that would pass.
 */
export const skipRules: readonly SkipRule[] = [
  {
    reason: "scenario: steps in words, no data to run",
    matches: ({ kind }) => kind === "scenario",
  },
  {
    reason: "recovery: the build names output formats of Hadoop by their classes",
    matches: ({ kind, build = "" }) => kind === "recovery" && calls("saveAsHadoopFiles?").test(build),
  },
  {
    reason: "rdd: the build is described, not runnable",
    matches: ({ kind, executable }) => kind === "rdd" && executable !== true,
  },
  {
    reason: "the table's partitions matter, and --partitions changes them",
    matches: ({ kind, build = "", partitions = 2 }, settings) =>
      isStream(kind) &&
      settings.partitions !== undefined &&
      settings.partitions !== partitions &&
      readsPartitions.test(build),
    isOptional: true,
  },
  {
    reason: "streaming UI: not built yet",
    matches: ofCall(/^format(Duration|BatchTime)|TimeUnit|^ProgressListener$/),
  },
  {
    reason: "write-ahead logs of the user's own: not built yet",
    matches: ofCall(/^driver WAL class/),
  },
  {
    reason: "receivers run on the driver: none is scheduled",
    matches: ofCall(/^(re)?schedule(Receivers|Receiver)$/),
  },
  {
    reason: "dynamic allocation: not built yet",
    matches: ofCall(/^(manageAllocation|requestExecutors|killExecutor)$|ExecutorAllocationManager$/),
  },
  { reason: "Kafka: not built yet", matches: ofCall(/^(maxMessagesPerPartition|compareExecutors)$/) },
  {
    reason: "Kinesis: not built yet",
    matches: ofCall(/^Kinesis|^initialPositionInStream$|^retryRandom/),
  },
  { reason: "Flume: not built yet", matches: ofCall(/channel of capacity/) },
  { reason: "streaming machine learning: not built yet", matches: ofCall(/^StreamingKMeans$/) },
  {
    reason: "no adapter for this call",
    matches: theCase => isCall(theCase.kind) && !hasAdapter(theCase),
    isOptional: true,
  },
];

function isStream(kind: string): boolean {
  return kind === "dstream" || kind === "dstream-error";
}

function isCall(kind: string): boolean {
  return kind === "unit" || kind === "sequence";
}

function ofCall(op: RegExp): SkipRule["matches"] {
  return theCase => isCall(theCase.kind) && op.test(theCase.op);
}

/** A call of one of these methods. */
function calls(names: string): RegExp {
  return new RegExp(`\\.(${names})\\(`);
}
