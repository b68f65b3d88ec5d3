import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { expectedOutputs, type Row, type Table } from "./expected-outputs.ts";

/** Where the outputs of a run are. */
export interface Outputs {
  readonly directory: string;
  /** Empty without a server. */
  readonly postgres: string;
}

/** How many records have arrived in SQLite. */
export function recordsSoFar({ directory }: Outputs): number {
  try {
    const database = new DatabaseSync(join(directory, "records.db"), { readOnly: true });
    const row = database.prepare("select count(*) as n from records").get();
    database.close();
    return Number(row?.["n"]);
  } catch {
    return 0;
  }
}

/** What is wrong with the outputs, a line for each. `produced` is every record there was. */
export async function problemsOf(
  outputs: Outputs,
  produced: readonly string[],
  batches: { readonly zeroMs: number; readonly lastMs: number },
): Promise<string[]> {
  const problems: string[] = [];
  for (const [place, read] of Object.entries(readers(outputs))) {
    const records = await read("records");
    const texts = records.map(([, key, id]) => `${key} ${id}`);
    problems.push(...difference(`${place} records`, produced, texts));
    for (const [table, rows] of expectedOutputs(records, batches)) {
      const text = (row: Row): string => JSON.stringify(row);
      const found = await read(table);
      problems.push(...difference(`${place} ${table}`, rows.map(text), found.map(text)));
    }
  }
  return problems;
}

function readers({ directory, postgres }: Outputs): Record<string, (table: Table) => Promise<Row[]>> {
  return {
    files: async table =>
      globSync(join(directory, "files", table, "part-*")).flatMap(path =>
        readFileSync(path, "utf8")
          .trimEnd()
          .split("\n")
          .map(line => JSON.parse(line) as Row),
      ),
    SQLite: async table => {
      const database = new DatabaseSync(join(directory, `${table}.db`), { readOnly: true });
      const rows = database.prepare(`select batch, key, value from "${table}"`).all();
      database.close();
      return rows.map(({ batch, key, value }) => [Number(batch), String(key), Number(value)]);
    },
    ...(postgres === ""
      ? {}
      : {
          PostgreSQL: async (table: Table) => {
            const client = new pg.Client({ connectionString: postgres });
            await client.connect();
            const { rows } = await client.query<Record<string, unknown>>(
              `select batch, key, value from "${table}"`,
            );
            await client.end();
            return rows.map(({ batch, key, value }): Row => [Number(batch), String(key), Number(value)]);
          },
        }),
  };
}

function difference(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  const missing = without(expected, actual);
  const surplus = without(actual, expected);
  if (missing.length + surplus.length === 0) return [];
  return [
    `${what}: ${missing.length} missing (${missing.slice(0, 5).join("; ")}), ` +
      `${surplus.length} too many (${surplus.slice(0, 5).join("; ")})`,
  ];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
