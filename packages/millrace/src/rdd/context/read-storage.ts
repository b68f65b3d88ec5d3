import type { SparkConf } from "../../common/conf/index.ts";
import { localPath } from "../../common/files/local-path.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { StorageConfig } from "../../engine/index.ts";

/**
 * Memory and scratch files, from `spark.memory.fraction`, `spark.testing.memory` and `spark.local.dir`, and how they are
 * compressed: `spark.rdd.compress`, `spark.shuffle.spill.compress` and `spark.io.compression.codec`.
 */
export function readStorage(conf: SparkConf, { host }: Platform): StorageConfig {
  const codec = conf.get("spark.io.compression.codec");
  const temporary = host.environment("TMPDIR") ?? host.environment("TEMP") ?? "/tmp";
  return {
    memoryFraction: conf.get("spark.memory.fraction"),
    heapBytes:
      conf.getOption("spark.testing.memory") === undefined ? undefined : conf.get("spark.testing.memory"),
    keptCodec: conf.get("spark.rdd.compress") ? codec : undefined,
    spillCodec: conf.get("spark.shuffle.spill.compress") ? codec : undefined,
    localDir: localPath(conf.getOption("spark.local.dir") ?? temporary),
  };
}
