export { type CompressionCodecName, codecOf } from "./codec.ts";
export { checkOptions, findFormat, findInputFormat } from "./find-format.ts";
export type { InputFormat, InputFormatRef, InputSplit } from "./input-format.ts";
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
