import { millraceError } from "millrace/engine";

/** A row as JSON, by column. */
export type JsonRow = Readonly<Record<string, unknown>>;

/**
 * The row of a record: the values of an array by position, of an object by the columns' names.
 * @throws MR_SINK_RECORD when it is neither, or an array of another length
 */
export function rowOf(record: unknown, columns: readonly string[]): JsonRow {
  if (Array.isArray(record)) {
    if (record.length !== columns.length) {
      throw millraceError(
        "MR_SINK_RECORD",
        `A record has ${record.length} values for the ${columns.length} columns ${columns.join(", ")}`,
      );
    }
    return Object.fromEntries(columns.map((column, i) => [column, jsonValue(record[i])]));
  }
  if (typeof record === "object" && record !== null) {
    const values: Readonly<Record<string, unknown>> = { ...record };
    return Object.fromEntries(columns.map(column => [column, jsonValue(values[column])]));
  }
  throw millraceError("MR_SINK_RECORD", `A record is ${typeof record}, no array and no object`);
}

/** Of rows with the same key only the last, as one statement cannot change a row twice. */
export function lastOfEachKey(rows: readonly JsonRow[], key: readonly string[]): readonly JsonRow[] {
  if (key.length === 0) return rows;
  const byKey = new Map(rows.map(row => [JSON.stringify(key.map(column => row[column])), row]));
  return [...byKey.values()];
}

function jsonValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") return value.toString();
  // PostgreSQL reads bytea from this text.
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return value;
}
