export { type CompressionCodecName, codecOf } from "./codec.ts";
export { findFormat } from "./find-format.ts";
export {
  type ByteSink,
  JsonLinesOutputFormat,
  type OutputFormat,
  type OutputFormatRef,
  type OutputSettings,
  type RecordWriter,
  SequenceFileOutputFormat,
  TextOutputFormat,
} from "./output-format.ts";
