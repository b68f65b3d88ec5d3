/**
 * Spark Streaming for TypeScript: `StreamingContext`, `DStream` and `RDD` with Spark's names and semantics.
 *
 * @module
 */

export type { StreamClock } from "./common/clock/index.ts";
export { type ConfValue, type KnownKey, type KnownValue, SparkConf } from "./common/conf/index.ts";
export {
  type ErrorCode,
  type ErrorKind,
  IllegalArgumentException,
  IllegalStateException,
  MillraceError,
  NoSuchElementException,
  NumberFormatException,
  SparkException,
  UnsupportedOperationException,
} from "./common/errors/index.ts";
export type { Platform } from "./common/platform/platform.ts";
export { type Moments, StatCounter } from "./common/statistics/stat-counter.ts";
export {
  Duration,
  type DurationLike,
  Durations,
  Interval,
  Milliseconds,
  Minutes,
  Seconds,
  Time,
} from "./common/time/index.ts";
export {
  HashPartitioner,
  Partitioner,
  type Partitioning,
  type PartitioningOptions,
  RangePartitioner,
  type RangeSource,
  StorageLevel,
} from "./plan/index.ts";
export {
  AccumulatorV2,
  type BoundedDouble,
  type Broadcast,
  type ByteSink,
  CollectionAccumulator,
  type CompressionCodecName,
  DoubleAccumulator,
  type FileBlock,
  JsonLinesOutputFormat,
  LongAccumulator,
  type OutputFormat,
  type OutputFormatRef,
  type OutputSettings,
  type PairRDD,
  type PartialResult,
  type PartitionFunction,
  type PipeOptions,
  RDD,
  type RecordWriter,
  type SaveOptions,
  type SaveSequenceOptions,
  SequenceFileOutputFormat,
  SparkContext,
  type SparkContextOptions,
  type StoredBlock,
  TextOutputFormat,
} from "./rdd/index.ts";
export {
  type BatchInfo,
  DStream,
  type FileSinkOptions,
  fileSink,
  type InputReport,
  type InputSource,
  type Lines,
  type OutputOperationInfo,
  type QueueItem,
  Receiver,
  type ReceiverInfo,
  type Sink,
  type SinkBatch,
  type SinkRun,
  type SqliteSinkOptions,
  StatsReportListener,
  type StopOptions,
  type StreamInputInfo,
  StreamingContext,
  type StreamingContextOptions,
  type StreamingContextState,
  type StreamingEvent,
  type StreamingListener,
  sqliteSink,
  TextLines,
  type WindowOptions,
  WrittenBatches,
  type WrittenBatchesData,
} from "./streaming/index.ts";
