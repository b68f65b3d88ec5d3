import type { SparkConf } from "../../common/conf/index.ts";
import { localPath } from "../../common/files/local-path.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { StorageConfig } from "../../engine/index.ts";

/** Memory and scratch files, from `spark.memory.fraction`, `spark.testing.memory` and `spark.local.dir`. */
export function readStorage(conf: SparkConf, { host }: Platform): StorageConfig {
  const temporary = host.environment("TMPDIR") ?? host.environment("TEMP") ?? "/tmp";
  return {
    memoryFraction: conf.get("spark.memory.fraction"),
    heapBytes:
      conf.getOption("spark.testing.memory") === undefined ? undefined : conf.get("spark.testing.memory"),
    localDir: localPath(conf.getOption("spark.local.dir") ?? temporary),
  };
}
