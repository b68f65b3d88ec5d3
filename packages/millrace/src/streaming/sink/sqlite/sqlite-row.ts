import type { SQLInputValue } from "node:sqlite";
import { millraceError } from "../../../common/errors/index.ts";

/**
 * The values of a record for the columns of a table: an array by position, an object by the columns' names.
 * @throws MR_SINK_RECORD when it is neither, or an array of another length
 */
export function sqliteRow(record: unknown, columns: readonly string[]): SQLInputValue[] {
  if (Array.isArray(record)) {
    if (record.length === columns.length) return record.map(sqliteValue);
    throw millraceError(
      "MR_SINK_RECORD",
      `A record has ${record.length} values for the ${columns.length} columns ${columns.join(", ")}`,
    );
  }
  if (typeof record === "object" && record !== null) {
    const values: Readonly<Record<string, unknown>> = { ...record };
    return columns.map(column => sqliteValue(values[column]));
  }
  throw millraceError("MR_SINK_RECORD", `A record is ${typeof record}, no array and no object`);
}

/** Booleans become 0 and 1, dates ISO texts, other objects JSON. */
function sqliteValue(value: unknown): SQLInputValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "undefined":
      return null;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      return value instanceof Date ? value.toISOString() : JSON.stringify(value);
  }
}
