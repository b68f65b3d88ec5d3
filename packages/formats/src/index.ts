/**
 * Avro and Parquet files: what `saveAsNewAPIHadoopFile` and `newAPIHadoopFile` of an RDD, and the methods of these
 * names of a DStream, take as a format.
 *
 * @module
 */

export {
  AvroInputFormat,
  type AvroInputOptions,
  AvroOutputFormat,
  type AvroOutputOptions,
} from "./avro/index.ts";
export {
  type ColumnType,
  ParquetInputFormat,
  type ParquetInputOptions,
  ParquetOutputFormat,
  type ParquetOutputOptions,
} from "./parquet/index.ts";
