import type { Platform } from "../common/platform/platform.ts";
import type { PartitionCache } from "./partition-cache.ts";

/** What the place where tasks run (this thread, a worker, an executor) offers them. */
export interface TaskEnvironment {
  readonly platform: Platform;
  readonly cache: PartitionCache;
  /** Start of the hashes of aggregation tables, unpredictable to whoever chooses the keys. */
  readonly hashSeed: number;
}
