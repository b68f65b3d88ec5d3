import type { SparkConf } from "../../common/conf/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { localPath } from "../../common/files/local-path.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { parsePools, type SchedulingConfig } from "../../engine/index.ts";

/**
 * How jobs share the slots, from `spark.scheduler.mode` and the file `spark.scheduler.allocation.file`.
 *
 * @throws MR_PATH_NOT_FOUND, MR_IO, MR_BAD_ARGUMENT for a file that is not there or says something else
 */
export function readScheduling(conf: SparkConf, platform: Platform): SchedulingConfig {
  const mode = conf.get("spark.scheduler.mode") === "FAIR" ? "FAIR" : "FIFO";
  const file = conf.getOption("spark.scheduler.allocation.file");
  const path = file === undefined ? undefined : localPath(file);
  if (mode === "FIFO" || path === undefined) return { mode, pools: [] };
  if (platform.files.statSync(path) === undefined) {
    throw millraceError("MR_PATH_NOT_FOUND", `there is no allocation file ${path}`);
  }
  return { mode, pools: parsePools(readText(platform, path), path) };
}

function readText(platform: Platform, path: string): string {
  const file = platform.files.open(path);
  try {
    const bytes = new Uint8Array(file.sizeBytes);
    for (let at = 0; at < bytes.length; ) {
      const read = file.read(bytes.subarray(at), at);
      if (typeof read !== "number") throw millraceError("MR_IO", `${path} cannot be read at once`);
      if (read === 0) break;
      at += read;
    }
    return new TextDecoder().decode(bytes);
  } finally {
    file.close();
  }
}
