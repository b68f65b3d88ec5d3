import { millraceError } from "millrace/engine";
import type { Columns, ColumnType, LeafType } from "./column-type.ts";

/**
 * The columns of some records: all names that any of them has, with types that follow from the kinds of values alone,
 * so that every partition comes to the same. A number is a DOUBLE, whole or not.
 *
 * @throws MR_BAD_ARGUMENT when a column has values of several kinds
 */
export function inferColumns(records: readonly object[], path = ""): Columns {
  const values = new Map<string, unknown[]>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      const column = values.get(name);
      if (column === undefined) values.set(name, [value]);
      else column.push(value);
    }
  }
  return Object.fromEntries(
    Array.from(values, ([name, column]) => [name, inferType(column, path === "" ? name : `${path}.${name}`)]),
  );
}

function inferType(values: readonly unknown[], path: string): ColumnType {
  const present = values.filter(value => value !== null && value !== undefined);
  const [first] = present;
  // Nothing is known of a column without values: texts are what most readers take for it.
  if (first === undefined) return "STRING";
  const kind = kindOf(first);
  const other = present.find(value => kindOf(value) !== kind);
  if (other !== undefined || kind === undefined) {
    const found = [first, ...(other === undefined ? [] : [other])].map(
      value => kindOf(value) ?? typeof value,
    );
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `the Parquet column ${path} cannot hold ${found.join(" and ")} values`,
      {
        hint: "Give the format a `schema`, with the type JSON for what has many forms.",
      },
    );
  }
  if (kind === "list") return [inferType((present as unknown[][]).flat(1), path)];
  return kind === "fields" ? inferColumns(present as object[], path) : kind;
}

function kindOf(value: unknown): LeafType | "list" | "fields" | undefined {
  switch (typeof value) {
    case "boolean":
      return "BOOLEAN";
    case "number":
      return "DOUBLE";
    case "bigint":
      return "INT64";
    case "string":
      return "STRING";
    case "object":
      if (value instanceof Date) return "TIMESTAMP";
      if (value instanceof Uint8Array) return "BYTE_ARRAY";
      return Array.isArray(value) ? "list" : "fields";
    default:
      return undefined;
  }
}
