/** A name as PostgreSQL takes it whatever it contains; a dot parts schema and table. */
export function quotedTable(table: string): string {
  return table.split(".").map(quoted).join(".");
}

/**
 * Inserts rows given as one JSON array: PostgreSQL converts each value to the type of its column. With a key a
 * row replaces the one that is there.
 */
export function insertStatement(table: string, columns: readonly string[], key: readonly string[]): string {
  const names = columns.map(quoted).join(", ");
  const target = quotedTable(table);
  const insert =
    `insert into ${target} (${names}) ` +
    `select ${names} from jsonb_populate_recordset(null::${target}, $1::jsonb)`;
  if (key.length === 0) return insert;
  const updates = columns
    .filter(column => !key.includes(column))
    .map(column => `${quoted(column)} = excluded.${quoted(column)}`);
  const action = updates.length === 0 ? "do nothing" : `do update set ${updates.join(", ")}`;
  return `${insert} on conflict (${key.map(quoted).join(", ")}) ${action}`;
}

export const createBooks =
  "create table if not exists millrace_sinks (sink text primary key, run bigint not null, written jsonb not null)";

/** A run that is older than the newest must not write any more. */
export const beginRun =
  "insert into millrace_sinks values ($1, 1, $2) " +
  "on conflict (sink) do update set run = millrace_sinks.run + 1 returning run";

export const readBooks = "select run, written from millrace_sinks where sink = $1";

/** Nobody else may write the sink until the transaction ends. */
export const lockBooks = `${readBooks} for update`;

export const writeBooks = "update millrace_sinks set written = $2 where sink = $1";

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
