import { choice, decimal, flag, integer, size, text, time } from "./key-kinds.ts";

const anyInteger = Number.MIN_SAFE_INTEGER;

/**
 * Every configuration key that means something to Millrace, with its kind and default. Times are in
 * milliseconds once read. No limit is a key that is not set.
 */
export const knownKeys = {
  "spark.master": text(),
  "spark.app.name": text(),
  "spark.default.parallelism": integer(1),
  "spark.task.maxFailures": integer(1),
  "spark.local.dir": text(),
  "spark.log.level": choice(["debug", "info", "warn", "error", "off", "all", "trace", "fatal"], "warn"),
  "spark.log.format": choice(["text", "json"], "text"),
  "spark.serializer": text(),
  "spark.cleaner.ttl": time("s", 1),
  "spark.network.timeout": time("s", 1, "120s"),
  "spark.dynamicAllocation.enabled": flag("false"),
  "spark.hadoop.validateOutputSpecs": flag("true"),

  "spark.memory.fraction": decimal({ above: 0 }, "0.6"),
  "spark.rdd.compress": flag("false"),
  "spark.shuffle.spill.compress": flag("false"),
  "spark.io.compression.codec": choice(["zstd", "lz4", "gzip"], "zstd"),
  // Not set: the limit of the heap.
  "spark.testing.memory": size(),
  "spark.scheduler.mode": choice(["FIFO", "FAIR"], "FIFO"),
  "spark.scheduler.allocation.file": text(),
  "spark.eventLog.enabled": flag("false"),
  "spark.eventLog.dir": text("/tmp/spark-events"),

  "spark.ui.enabled": flag("true"),
  "spark.ui.showConsoleProgress": flag("true"),
  "spark.ui.port": integer(0, "4040", 65535),
  "spark.ui.retainedJobs": integer(1, "1000"),
  "spark.ui.retainedStages": integer(1, "1000"),

  "spark.streaming.backpressure.enabled": flag("false"),
  "spark.streaming.backpressure.initialRate": integer(1),
  "spark.streaming.backpressure.rateEstimator": text("pid"),
  "spark.streaming.backpressure.pid.proportional": decimal({ minimum: 0 }, "1.0"),
  "spark.streaming.backpressure.pid.integral": decimal({ minimum: 0 }, "0.2"),
  "spark.streaming.backpressure.pid.derived": decimal({ minimum: 0 }, "0.0"),
  "spark.streaming.backpressure.pid.minRate": decimal({ above: 0 }, "100"),

  "spark.streaming.blockInterval": time("ms", 1, "200ms"),
  "spark.streaming.blockQueueSize": integer(1, "10"),
  "spark.streaming.receiver.maxRate": integer(anyInteger),
  // Millrace's own: received data kept in memory; beyond it blocks go to disk if their level says so.
  "spark.streaming.receiver.maxMemory": size("512m"),
  "spark.streaming.receiver.blockStoreTimeout": time("s", 1, "30s"),
  "spark.streaming.receiverRestartDelay": time("ms", 0, "2000ms"),
  "spark.streaming.receiver.writeAheadLog.enable": flag("false"),
  "spark.streaming.receiver.writeAheadLog.class": text(),
  "spark.streaming.receiver.writeAheadLog.rollingIntervalSecs": integer(1, "60"),
  "spark.streaming.receiver.writeAheadLog.maxFailures": integer(1, "3"),
  "spark.streaming.receiver.writeAheadLog.closeFileAfterWrite": flag("false"),
  "spark.streaming.driver.writeAheadLog.class": text(),
  "spark.streaming.driver.writeAheadLog.rollingIntervalSecs": integer(1, "60"),
  "spark.streaming.driver.writeAheadLog.maxFailures": integer(1, "3"),
  "spark.streaming.driver.writeAheadLog.closeFileAfterWrite": flag("false"),
  "spark.streaming.driver.writeAheadLog.allowBatching": flag("true"),
  "spark.streaming.driver.writeAheadLog.batchingTimeout": time("ms", 1, "5000ms"),

  "spark.streaming.unpersist": flag("true"),
  "spark.streaming.stopGracefullyOnShutdown": flag("false"),
  "spark.streaming.stopSparkContextByDefault": flag("true"),
  // Not set: ten batch intervals.
  "spark.streaming.gracefulStopTimeout": time("ms", 0),
  "spark.streaming.concurrentJobs": integer(1, "1"),
  "spark.streaming.ui.retainedBatches": integer(1, "1000"),
  "spark.streaming.sessionByKey.deltaChainThreshold": integer(1, "20"),
  "spark.streaming.checkpoint.directory": text(),
  // Not set: stop with a checkpoint directory, continue without.
  "spark.streaming.failure.policy": choice(["stop", "continue", "retry", "deadLetter"]),
  "spark.streaming.failure.maxRetries": integer(1, "3"),
  "spark.streaming.failure.retryDelay": time("ms", 0, "1s"),
  "spark.streaming.recovery.downTime": choice(["replay", "coalesce", "skip"], "replay"),
  "spark.streaming.recovery.accept": text(),
  "spark.streaming.fileStream.minRememberDuration": time("s", 1, "60s"),
  // The older name of the key above.
  "spark.streaming.minRememberDuration": time("s", 1),
  "spark.streaming.clock": text("system"),
  "spark.streaming.manualClock.jump": integer(anyInteger, "0"),

  "spark.streaming.dynamicAllocation.enabled": flag("false"),
  "spark.streaming.dynamicAllocation.minExecutors": integer(1),
  "spark.streaming.dynamicAllocation.maxExecutors": integer(1),
  "spark.streaming.dynamicAllocation.scalingInterval": time("s", 1, "60s"),
  "spark.streaming.dynamicAllocation.scalingUpRatio": decimal({ above: 0 }, "0.9"),
  "spark.streaming.dynamicAllocation.scalingDownRatio": decimal({ above: 0 }, "0.3"),
  "spark.streaming.dynamicAllocation.testing": flag("false"),

  "spark.streaming.kafka.maxRatePerPartition": integer(0),
  "spark.streaming.kafka.minRatePerPartition": integer(0, "1"),
  "spark.streaming.kafka.consumer.cache.enabled": flag("true"),
  "spark.streaming.kafka.consumer.cache.initialCapacity": integer(1, "16"),
  "spark.streaming.kafka.consumer.cache.maxCapacity": integer(1, "64"),
  "spark.streaming.kafka.consumer.cache.loadFactor": decimal({ above: 0 }, "0.75"),
  // Not set: spark.network.timeout.
  "spark.streaming.kafka.consumer.poll.ms": integer(1),
  "spark.streaming.kafka.allowNonConsecutiveOffsets": flag("false"),
  "spark.streaming.kafka.maxRetries": integer(0, "1"),
  "spark.streaming.kinesis.retry.waitTime": time("ms", 1, "100ms"),
  "spark.streaming.kinesis.retry.maxAttempts": integer(1, "3"),
} as const;

/** A key that Millrace knows. */
export type KnownKey = keyof typeof knownKeys;

/** What a known key reads as: a boolean, a number (times in milliseconds) or a text. */
export type KnownValue<K extends KnownKey> = ReturnType<(typeof knownKeys)[K]["parse"]>;

/** Whether Millrace knows a key. */
export function isKnownKey(key: string): key is KnownKey {
  return Object.hasOwn(knownKeys, key);
}
