import type { DatabaseSync } from "node:sqlite";
import { type MillraceError, millraceError } from "../../../common/errors/index.ts";
import type { Timers } from "../../../common/platform/platform.ts";
import type { RDD } from "../../../rdd/index.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import type { Sink, SinkBatch, SinkRun } from "../sink.ts";
import { WrittenBatches, type WrittenBatchesData } from "../written-batches.ts";
import { sqliteRow } from "./sqlite-row.ts";

/** Which table a SQLite sink fills, and how. */
export interface SqliteSinkOptions {
  /** Made when it is not there, with columns of any type. */
  readonly table: string;
  /** What the records hold: the values of an array, in this order, or the properties of an object. */
  readonly columns: readonly string[];
  /** Columns that identify a row, by a primary key or unique index: a later record replaces an earlier one. Default: none, rows are added. */
  readonly key?: readonly string[];
  /** Identifies this stream among all that write to the database; default the table's name. */
  readonly name?: string;
}

/**
 * Writes a stream to a table of a SQLite database, each batch exactly once, also across crashes: rows and batch
 * time are committed in one transaction (the time in the table `millrace_sinks`). Needs `node:sqlite`.
 *
 * ```ts
 * import { sqliteSink, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { DatabaseSync } from "node:sqlite";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * const folder = mkdtempSync(join(tmpdir(), "counts-"));
 * const path = join(folder, "counts.db");
 * const ssc = new StreamingContext("local", "example", "20ms");
 * const words = ssc.queueStream([["to", "be", "to"]]);
 * words.countByValue().writeTo(sqliteSink(path, { table: "counts", columns: ["word", "n"] }));
 * words.foreachRDD(async rdd => {
 *   if (await rdd.isEmpty()) void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * const database = new DatabaseSync(path);
 * const rows = database.prepare("select word, n from counts order by word").all().map(row => ({ ...row }));
 * assert.deepEqual(rows, [{ word: "be", n: 1 }, { word: "to", n: 2 }]);
 * database.close();
 * rmSync(folder, { recursive: true });
 * ```
 *
 * @throws MR_BAD_ARGUMENT when there is no column, or a key column is none of them
 */
export function sqliteSink<T>(path: string, options: SqliteSinkOptions): Sink<T> {
  return new SqliteSink(path, options);
}

/** Rows inserted before other callbacks get a turn. */
const rowsPerTurn = 1000;

class SqliteSink<T> implements Sink<T> {
  readonly name: string;
  readonly #path: string;
  readonly #options: SqliteSinkOptions;
  readonly #id: string;
  readonly #insert: string;
  readonly #turns = new OneAtATime();
  readonly #staged = new Map<number, readonly T[]>();
  #open: { readonly database: DatabaseSync; readonly run: number; readonly timers: Timers } | undefined;
  #doneMs: number | undefined;

  constructor(path: string, options: SqliteSinkOptions) {
    const { table, columns, key = [], name = table } = options;
    if (columns.length === 0 || key.some(column => !columns.includes(column))) {
      throw millraceError("MR_BAD_ARGUMENT", `${table} needs columns, and its key must be some of them`);
    }
    this.name = `SQLite ${path} ${name}`;
    this.#path = path;
    this.#options = options;
    this.#id = name;
    this.#insert = insertStatement(table, columns, key);
  }

  async open({ platform }: SinkRun): Promise<void> {
    const { DatabaseSync } = await import("node:sqlite");
    const { table, columns, key = [] } = this.#options;
    const database = new DatabaseSync(this.#path);
    try {
      database.exec("pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = full");
      const primaryKey = key.length === 0 ? "" : `, primary key (${names(key)})`;
      database.exec(`create table if not exists ${quoted(table)} (${names(columns)}${primaryKey})`);
      database.exec(
        "create table if not exists millrace_sinks (sink text primary key, run integer not null, written text not null)",
      );
      const nothing = JSON.stringify(new WrittenBatches().toData());
      // A run that is older than the newest must not write any more.
      const row = database
        .prepare(
          "insert into millrace_sinks values (?, 1, ?) on conflict (sink) do update set run = run + 1 returning run",
        )
        .get(this.#id, nothing);
      this.#open = { database, run: Number(row?.["run"]), timers: platform.timers };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  isCommitted({ timeMs }: SinkBatch): Promise<boolean> {
    return this.#turns.run(async () => this.#readWritten().has(timeMs));
  }

  async begin({ timeMs }: SinkBatch): Promise<void> {
    this.#staged.delete(timeMs);
  }

  async write(rdd: RDD<T>, { timeMs }: SinkBatch): Promise<void> {
    this.#staged.set(timeMs, await rdd.collect());
  }

  async prepare({ timeMs }: SinkBatch): Promise<void> {
    const records = this.#staged.get(timeMs) ?? [];
    this.#staged.delete(timeMs);
    if (records.length > 0) await this.#turns.run(() => this.#transaction(timeMs, records));
  }

  async commit({ timeMs }: SinkBatch): Promise<void> {
    this.#doneMs = timeMs;
  }

  async abort({ timeMs }: SinkBatch): Promise<void> {
    this.#staged.delete(timeMs);
  }

  close(): Promise<void> {
    return this.#turns.run(async () => {
      this.#open?.database.close();
      this.#open = undefined;
    });
  }

  async #transaction(timeMs: number, records: readonly T[]): Promise<void> {
    const { database, timers } = this.#opened();
    database.exec("begin immediate");
    try {
      const written = this.#readWritten();
      if (!written.has(timeMs)) {
        const insert = database.prepare(this.#insert);
        for (const [i, record] of records.entries()) {
          if (i > 0 && i % rowsPerTurn === 0) await timers.yieldTurn();
          insert.run(...sqliteRow(record, this.#options.columns));
        }
        if (this.#doneMs !== undefined) written.done(this.#doneMs);
        written.add(timeMs);
        database
          .prepare("update millrace_sinks set written = ? where sink = ?")
          .run(JSON.stringify(written.toData()), this.#id);
      }
      database.exec("commit");
    } catch (error) {
      if (database.isTransaction) database.exec("rollback");
      throw error;
    }
  }

  /** @throws MR_SINK_FENCED */
  #readWritten(): WrittenBatches {
    const { database, run } = this.#opened();
    const row = database.prepare("select run, written from millrace_sinks where sink = ?").get(this.#id);
    if (row?.["run"] !== run) throw fenced(this.name);
    return new WrittenBatches(JSON.parse(String(row["written"])) as WrittenBatchesData);
  }

  #opened() {
    if (this.#open !== undefined) return this.#open;
    throw millraceError("MR_INTERNAL", `${this.name} is used while it is not open`);
  }
}

function insertStatement(table: string, columns: readonly string[], key: readonly string[]): string {
  const insert = `insert into ${quoted(table)} (${names(columns)}) values (${columns.map(() => "?").join(", ")})`;
  if (key.length === 0) return insert;
  const others = columns.filter(column => !key.includes(column));
  const update = others.map(column => `${quoted(column)} = excluded.${quoted(column)}`).join(", ");
  return `${insert} on conflict (${names(key)}) do ${others.length === 0 ? "nothing" : `update set ${update}`}`;
}

function names(columns: readonly string[]): string {
  return columns.map(quoted).join(", ");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function fenced(name: string): MillraceError {
  return millraceError("MR_SINK_FENCED", `A newer run writes to ${name}: this one must not`);
}
