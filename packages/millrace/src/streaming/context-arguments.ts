import type { StreamClock } from "../common/clock/index.ts";
import { SparkConf } from "../common/conf/index.ts";
import { millraceError } from "../common/errors/index.ts";
import type { FileSystems } from "../common/files/file-systems.ts";
import type { Platform } from "../common/platform/platform.ts";
import { type DurationLike, toDuration } from "../common/time/index.ts";
import { SparkContext, type SparkContextOptions } from "../rdd/index.ts";

/** What a streaming context is made with beside its configuration. */
export interface StreamingContextOptions {
  /** Clock, files, sockets and chance for a new `SparkContext`; default: the system's. */
  readonly platform?: Platform;
  /** File systems beside the machine's for a new `SparkContext`, by the scheme of their paths. */
  readonly fileSystems?: FileSystems;
  /** The clock batches go by; default: the platform's, or a `ManualClock` with `spark.streaming.clock=manual`. */
  readonly clock?: StreamClock;
}

/** The ways to call the constructor. */
export type ContextArguments =
  | [sparkContext: SparkContext, batchDuration: DurationLike, options?: StreamingContextOptions | undefined]
  | [conf: SparkConf, batchDuration: DurationLike, options?: StreamingContextOptions | undefined]
  | [
      master: string,
      appName: string,
      batchDuration: DurationLike,
      options?: StreamingContextOptions | undefined,
    ];

/** Sorts out the arguments; the batch interval is checked before anything is made. */
export function contextArguments(args: ContextArguments): {
  readonly batchMs: number;
  readonly sparkContext: () => SparkContext;
  readonly options: StreamingContextOptions;
} {
  if (typeof args[0] === "string") {
    const [master, appName, batchDuration, options = {}] = args as Extract<
      ContextArguments,
      [string, ...unknown[]]
    >;
    return {
      batchMs: batchMilliseconds(batchDuration),
      sparkContext: () => new SparkContext(master, appName, platformOf(options)),
      options,
    };
  }
  const [first, batchDuration, options = {}] = args as Exclude<ContextArguments, [string, ...unknown[]]>;
  return {
    batchMs: batchMilliseconds(batchDuration),
    sparkContext: () => {
      if (first instanceof SparkContext) return first;
      if (first instanceof SparkConf) return new SparkContext(first, platformOf(options));
      throw millraceError(
        "MR_BAD_ARGUMENT",
        "A StreamingContext needs a SparkContext, a SparkConf or a master",
      );
    },
    options,
  };
}

function platformOf({ platform, fileSystems }: StreamingContextOptions): SparkContextOptions {
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(fileSystems === undefined ? {} : { fileSystems }),
  };
}

function batchMilliseconds(batchDuration: DurationLike | undefined | null): number {
  if (batchDuration === undefined || batchDuration === null) {
    throw millraceError("MR_STREAMING_DURATION", "Batch duration for StreamingContext cannot be null", {
      hint: "Give one, such as Seconds(1).",
    });
  }
  const { milliseconds } = toDuration(batchDuration);
  if (milliseconds > 0) return milliseconds;
  throw millraceError(
    "MR_STREAMING_DURATION",
    `The batch duration must be positive, got ${milliseconds} ms`,
    {
      operator: "StreamingContext",
      hint: "Give at least Milliseconds(1).",
    },
  );
}
