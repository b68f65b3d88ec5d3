import { millraceError } from "millrace/engine";
import { type ColumnType, isList, type LeafType, typeOf } from "./column-type.ts";

/**
 * A value as the library takes it for a column; `path` names the column.
 * @throws MR_BAD_ARGUMENT when it does not fit
 */
export function fitValue(value: unknown, type: ColumnType, path: string): unknown {
  if (value === null || value === undefined) return null;
  if (typeof type === "string") {
    const fitted = fitters[type](value);
    if (fitted === undefined) throw misfit(value, type, path);
    return fitted;
  }
  if (isList(type)) {
    if (!Array.isArray(value)) throw misfit(value, "a list", path);
    return value.map(item => fitValue(item, type[0], path));
  }
  if (typeof value !== "object" || Array.isArray(value)) throw misfit(value, "an object", path);
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(type)) {
    fields[name] = fitValue((value as Record<string, unknown>)[name], typeOf(type, name), `${path}.${name}`);
  }
  return fields;
}

const MIN_INT32 = -(2 ** 31);
const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** What each type makes of a value; `undefined` when it cannot hold it. */
const fitters: Readonly<Record<LeafType, (value: unknown) => unknown>> = {
  BOOLEAN: value => (typeof value === "boolean" ? value : undefined),
  INT32: value =>
    Number.isInteger(value) && (value as number) >= MIN_INT32 && (value as number) <= MAX_INT32
      ? value
      : undefined,
  INT64(value) {
    if (typeof value === "bigint") return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
    return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
  },
  FLOAT: numberOrNothing,
  DOUBLE: numberOrNothing,
  STRING: textOrNothing,
  UUID: value => (typeof value === "string" && /^[\da-f-]{32,36}$/i.test(value) ? value : undefined),
  BYTE_ARRAY: value => (value instanceof Uint8Array ? value : undefined),
  JSON: value => (JSON.stringify(value) === undefined ? undefined : value),
  TIMESTAMP: dateOrNothing,
  DATE: dateOrNothing,
};

function numberOrNothing(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function dateOrNothing(value: unknown): Date | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
}

function misfit(value: unknown, type: string, path: string) {
  const shown = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return millraceError("MR_BAD_ARGUMENT", `the Parquet column ${path} is ${type} and cannot hold ${shown}`, {
    hint: "Change the records before they are written, or give the format a `schema`.",
  });
}
