export type { ColumnType } from "./column-type.ts";
export { ParquetInputFormat, type ParquetInputOptions } from "./input.ts";
export { ParquetOutputFormat, type ParquetOutputOptions } from "./output.ts";
