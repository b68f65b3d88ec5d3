import type { SchemaElement } from "hyparquet";
import { millraceError } from "millrace/engine";

/** What a column of one value holds: all may also be null. */
const leaves = {
  BOOLEAN: { type: "BOOLEAN" },
  INT32: { type: "INT32" },
  INT64: { type: "INT64" },
  FLOAT: { type: "FLOAT" },
  DOUBLE: { type: "DOUBLE" },
  STRING: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  BYTE_ARRAY: { type: "BYTE_ARRAY" },
  JSON: { type: "BYTE_ARRAY", converted_type: "JSON" },
  TIMESTAMP: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  DATE: { type: "INT32", converted_type: "DATE" },
  UUID: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } },
} as const satisfies Readonly<Record<string, Omit<SchemaElement, "name">>>;

/** A type of one value. */
export type LeafType = keyof typeof leaves;

/**
 * What a column of a Parquet file holds: one value, a list (`["STRING"]`), or fields of its own
 * (`{ lat: "DOUBLE", lon: "DOUBLE" }`). Everything may be null.
 */
export type ColumnType = LeafType | readonly [ColumnType] | { readonly [field: string]: ColumnType };

/** The columns of a file by name. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** The schema of a file, in the form the library wants it. */
export function schemaElements(columns: Columns): SchemaElement[] {
  const names = Object.keys(columns);
  return [
    { name: "root", num_children: names.length },
    ...names.flatMap(name => elementsOf(name, typeOf(columns, name))),
  ];
}

/** The type of a column that is there. */
export function typeOf(columns: Columns, name: string): ColumnType {
  return columns[name] as ColumnType;
}

function elementsOf(name: string, type: ColumnType): SchemaElement[] {
  const repetition_type = "OPTIONAL";
  if (typeof type === "string") return [{ name, repetition_type, ...leaves[type] }];
  if (isList(type)) {
    return [
      { name, repetition_type, num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ...elementsOf("element", type[0]),
    ];
  }
  const fields = Object.keys(type);
  return [
    { name, repetition_type, num_children: fields.length },
    ...fields.flatMap(field => elementsOf(field, typeOf(type, field))),
  ];
}

/** Whether it is a list of something. */
export function isList(type: ColumnType): type is readonly [ColumnType] {
  return Array.isArray(type);
}

/**
 * Checks what a caller gave as a schema.
 * @throws MR_BAD_ARGUMENT
 */
export function checkColumns(columns: unknown, path = ""): asserts columns is Columns {
  if (typeof columns !== "object" || columns === null || Array.isArray(columns) || isEmpty(columns)) {
    throw millraceError("MR_BAD_ARGUMENT", `${path || "the Parquet schema"} needs columns by name`, {
      hint: 'As in `{ schema: { id: "INT64", tags: ["STRING"], place: { lat: "DOUBLE" } } }`.',
    });
  }
  for (const [name, type] of Object.entries(columns)) checkType(type, path === "" ? name : `${path}.${name}`);
}

function checkType(type: unknown, path: string): void {
  if (typeof type === "string" && Object.hasOwn(leaves, type)) return;
  if (Array.isArray(type) && type.length === 1) checkType(type[0], path);
  else if (typeof type !== "string" && !Array.isArray(type)) checkColumns(type, path);
  else throw noType(type, path);
}

function noType(type: unknown, path: string) {
  return millraceError("MR_BAD_ARGUMENT", `${path} has no type of Parquet: ${JSON.stringify(type)}`, {
    hint: `These are known: ${Object.keys(leaves).join(", ")}, [type] for a list, { field: type } for fields.`,
  });
}

function isEmpty(columns: object): boolean {
  return Object.keys(columns).length === 0;
}
