import type { SparkConf } from "../common/conf/index.ts";
import { type Acceptable, acceptedDifferences } from "./checkpoint/compare-graph.ts";
import type { DownTimePolicy } from "./checkpoint/restart-plan.ts";
import type { BackpressureSettings } from "./rate/rate-estimator.ts";
import type { ReceiverSettings } from "./receiver/receiver-supervisor.ts";
import type { WriteAheadLogSettings } from "./wal/write-ahead-log.ts";

/** Where received data is kept. */
export interface BlockStoreSettings {
  readonly maxMemoryBytes: number;
  /** Where the directory for blocks on disk is made; `undefined`: where the system has temporary files. */
  readonly localDir: string | undefined;
  /** How received data is logged; `undefined` when it is not. */
  readonly log: WriteAheadLogSettings | undefined;
  /** How long it may take to log a block. */
  readonly timeoutMs: number;
}

import type { FailurePolicy } from "./scheduler/failure-policy.ts";
import type { RetryPolicy } from "./scheduler/job-scheduler.ts";

/** What a context reads from its configuration, in milliseconds where it is a time. */
export interface StreamingSettings {
  readonly receivers: ReceiverSettings;
  readonly blockStore: BlockStoreSettings;
  readonly backpressure: BackpressureSettings;
  /** Jobs that may run at once. */
  readonly concurrentJobs: number;
  /** Whether RDDs are unpersisted when they are forgotten. */
  readonly unpersistsOldRDDs: boolean;
  /** Whether a first SIGTERM or SIGINT drains what was received, or stops at once. */
  readonly stopsGracefullyOnSignal: boolean;
  readonly stopsSparkContextByDefault: boolean;
  readonly gracefulStopTimeoutMs: number;
  /** How far back file streams look for files they have not seen. */
  readonly fileRememberMs: number;
  /** A directory that `checkpoint` is called with at once. */
  readonly checkpointDir: string | undefined;
  readonly usesManualClock: boolean;
  /** How far a manual clock jumps on a restart. */
  readonly manualClockJumpMs: number;
  readonly recovery: RecoverySettings;
}

/** What happens when a batch fails, or nothing ran for a time. */
export interface RecoverySettings {
  /** `undefined`: `stop` with a checkpoint directory, `continue` without. */
  readonly failurePolicy: FailurePolicy | undefined;
  readonly retry: RetryPolicy;
  readonly downTimePolicy: DownTimePolicy;
  /** Differences between a program and its checkpoint that are wanted. */
  readonly accepted: ReadonlySet<Acceptable>;
}

/**
 * Reads the `spark.streaming.*` keys.
 * @param batchMs what defaults that depend on the batch interval depend on
 * @throws MR_CONF_BAD_VALUE, MR_CONF_BAD_NUMBER
 */
export function readSettings(conf: SparkConf, batchMs: number): StreamingSettings {
  return {
    receivers: {
      blockIntervalMs: conf.get("spark.streaming.blockInterval"),
      blockQueueSize: conf.get("spark.streaming.blockQueueSize"),
      restartDelayMs: conf.get("spark.streaming.receiverRestartDelay"),
      maxRate: conf.getOption("spark.streaming.receiver.maxRate"),
      initialRate: conf.getOption("spark.streaming.backpressure.initialRate"),
    },
    backpressure: {
      enabled: conf.get("spark.streaming.backpressure.enabled"),
      estimator: conf.get("spark.streaming.backpressure.rateEstimator"),
      pid: {
        proportional: conf.get("spark.streaming.backpressure.pid.proportional"),
        integral: conf.get("spark.streaming.backpressure.pid.integral"),
        derived: conf.get("spark.streaming.backpressure.pid.derived"),
        minRate: conf.get("spark.streaming.backpressure.pid.minRate"),
      },
    },
    blockStore: {
      maxMemoryBytes: conf.get("spark.streaming.receiver.maxMemory"),
      localDir: conf.getOption("spark.local.dir"),
      log: conf.get("spark.streaming.receiver.writeAheadLog.enable") ? readLogSettings(conf) : undefined,
      timeoutMs: conf.get("spark.streaming.receiver.blockStoreTimeout"),
    },
    concurrentJobs: conf.get("spark.streaming.concurrentJobs"),
    unpersistsOldRDDs: conf.get("spark.streaming.unpersist"),
    // Draining is the kinder end of a program, so it is the default; Spark's is false.
    stopsGracefullyOnSignal: conf.getOption("spark.streaming.stopGracefullyOnShutdown") ?? true,
    stopsSparkContextByDefault: conf.get("spark.streaming.stopSparkContextByDefault"),
    gracefulStopTimeoutMs: conf.getOption("spark.streaming.gracefulStopTimeout") ?? 10 * batchMs,
    fileRememberMs:
      conf.getOption("spark.streaming.fileStream.minRememberDuration") ??
      conf.getOption("spark.streaming.minRememberDuration") ??
      conf.get("spark.streaming.fileStream.minRememberDuration"),
    checkpointDir: conf.getOption("spark.streaming.checkpoint.directory"),
    manualClockJumpMs: conf.get("spark.streaming.manualClock.jump"),
    recovery: {
      failurePolicy: conf.getOption("spark.streaming.failure.policy"),
      retry: {
        maxRetries: conf.get("spark.streaming.failure.maxRetries"),
        firstDelayMs: conf.get("spark.streaming.failure.retryDelay"),
      },
      downTimePolicy: conf.get("spark.streaming.recovery.downTime"),
      accepted: acceptedDifferences(conf.getOption("spark.streaming.recovery.accept") ?? ""),
    },
    usesManualClock: /(^|\.)manual(clock)?$/i.test(conf.get("spark.streaming.clock")),
  };
}

function readLogSettings(conf: SparkConf): WriteAheadLogSettings {
  return {
    rollingIntervalMs: conf.get("spark.streaming.receiver.writeAheadLog.rollingIntervalSecs") * 1000,
    maxFailures: conf.get("spark.streaming.receiver.writeAheadLog.maxFailures"),
    closesFileAfterWrite: conf.get("spark.streaming.receiver.writeAheadLog.closeFileAfterWrite"),
  };
}
