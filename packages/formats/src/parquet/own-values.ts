import type { ParquetRow, RowGroup } from "hyparquet";

/** Types of columns whose values change; in others only what is absent inside of lists and fields does. */
const concerned: ReadonlySet<string | undefined> = new Set(["INT64", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"]);

/**
 * Gives rows values as the rest of the program has them: numbers instead of bigints that are exact as such, and bytes
 * in memory of their own instead of the page they were read from, which they would keep and take along when sent; and
 * `null` wherever nothing is.
 */
export function ownValues(rows: readonly ParquetRow[], { columns }: RowGroup): void {
  const names = new Set<string>();
  for (const { meta_data: data } of columns) {
    const [name = "", ...inner] = data?.path_in_schema ?? [];
    if (inner.length > 0 || concerned.has(data?.type)) names.add(name);
  }
  for (const name of names) {
    for (const row of rows as readonly Record<string, unknown>[]) {
      if (name in row) row[name] = own(row[name]);
    }
  }
}

function own(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(own);
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, own(inner)]));
}
