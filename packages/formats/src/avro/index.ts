export { AvroInputFormat, type AvroInputOptions } from "./input.ts";
export { AvroOutputFormat, type AvroOutputOptions } from "./output.ts";
