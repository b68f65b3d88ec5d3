export type {
  AccumulableInfo,
  EventOf,
  JobProperties,
  PlannedStage,
  SparkListener,
  SparkListenerEvent,
  StageInfo,
  TaskInfo,
} from "../engine/events/index.ts";

export {
  type ByteSink,
  type CompressionCodecName,
  type InputFormat,
  type InputFormatRef,
  type InputSplit,
  JsonLinesOutputFormat,
  type OutputFormat,
  type OutputFormatRef,
  type OutputSettings,
  type RecordWriter,
  SequenceFileOutputFormat,
  TextOutputFormat,
} from "../task/formats/index.ts";
export { encodeRecords, type FileBlock, type StoredBlock } from "../task/readers/block.ts";
export {
  AccumulatorV2,
  Broadcast,
  CollectionAccumulator,
  DoubleAccumulator,
  LongAccumulator,
} from "../task/shared/index.ts";
export type { ActionOptions } from "./action-options.ts";
export type { InputFormatOptions } from "./context/file-sources.ts";
export type { PersistentRDD, RDDStorageInfo } from "./context/persistent-rdds.ts";

export { defaultPartitioner } from "./default-partitioner.ts";
export type { BoundedDouble } from "./estimates.ts";
export { FutureAction } from "./future-action.ts";
export { type AsyncFunction, type MapAsyncOptions, mappingAsync } from "./map-async.ts";
export type { PartialResult } from "./partial-result.ts";
export type { PipeOptions } from "./piped.ts";
export { type IndexedPartitionFunction, type PairRDD, type PartitionFunction, RDD } from "./rdd.ts";
export type { Dependency, Partition } from "./rdd-accessors.ts";
export { checkRecordLength, recordSplitsOf } from "./record-files.ts";
export type { SaveFormatOptions, SaveOptions, SaveSequenceOptions } from "./save-actions.ts";
export { SparkContext, type SparkContextOptions } from "./spark-context.ts";
export { textSplitsOf } from "./text-files.ts";
