import {
  MillraceError,
  type RDD,
  type Sink,
  type SinkBatch,
  type SinkRun,
  WrittenBatches,
  type WrittenBatchesData,
} from "millrace";
import { millraceError } from "millrace/engine";
import pg from "pg";
import { lastOfEachKey, rowOf } from "./rows.ts";
import { beginRun, createBooks, insertStatement, lockBooks, readBooks, writeBooks } from "./statements.ts";

/** Which table a PostgreSQL sink fills, and how. */
export interface PostgresSinkOptions {
  /** `table` or `schema.table`; it must be there. */
  readonly table: string;
  /** What the records hold: the values of an array, in this order, or the properties of an object. */
  readonly columns: readonly string[];
  /** Columns with a primary key or unique index: a later record replaces an earlier one. Default: none, rows are added. */
  readonly key?: readonly string[];
  /** Identifies this stream among all that write to the database; default the table's name. */
  readonly name?: string;
}

/** Rows sent in one statement. */
const rowsPerStatement = 5000;

/**
 * Writes a stream to a table of PostgreSQL, each batch exactly once, also across crashes: rows and batch time
 * are committed in one transaction (the time in the table `millrace_sinks`).
 *
 * ```ts no-run
 * import { postgresSink } from "@millrace/postgres";
 * import { StreamingContext } from "millrace";
 * const ssc = new StreamingContext("local", "counts", "1s");
 * const words = ssc.socketTextStream("localhost", 9999).flatMap(line => line.split(" "));
 * const sink = postgresSink("postgres://localhost/stats", { table: "counts", columns: ["word", "n"] });
 * words.countByValue().writeTo(sink);
 * await ssc.start();
 * await ssc.awaitTermination();
 * ```
 *
 * @param connection a connection string, such as `postgres://user:password@host:5432/database`
 * @throws MR_BAD_ARGUMENT when there is no column, or a key column is none of them
 */
export function postgresSink<T>(connection: string, options: PostgresSinkOptions): Sink<T> {
  return new PostgresSink(connection, options);
}

class PostgresSink<T> implements Sink<T> {
  readonly name: string;
  readonly #connection: string;
  readonly #options: PostgresSinkOptions;
  readonly #id: string;
  readonly #insert: string;
  readonly #staged = new Map<number, readonly T[]>();
  /** A connection does one thing at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #client: pg.Client | undefined;
  #run: string | undefined;
  #doneMs: number | undefined;

  constructor(connection: string, options: PostgresSinkOptions) {
    const { table, columns, key = [], name = table } = options;
    if (columns.length === 0 || key.some(column => !columns.includes(column))) {
      throw millraceError("MR_BAD_ARGUMENT", `${table} needs columns, and its key must be some of them`);
    }
    this.name = `PostgreSQL ${withoutPassword(connection)} ${name}`;
    this.#connection = connection;
    this.#options = options;
    this.#id = name;
    this.#insert = insertStatement(table, columns, key);
  }

  open(_run: SinkRun): Promise<void> {
    return this.#alone(async client => {
      await client.query(createBooks);
      const nothing = JSON.stringify(new WrittenBatches().toData());
      const { rows } = await client.query<{ run: string }>(beginRun, [this.#id, nothing]);
      this.#run = rows[0]?.run;
    });
  }

  isCommitted({ timeMs }: SinkBatch): Promise<boolean> {
    return this.#alone(async client => (await this.#written(client, readBooks)).has(timeMs));
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
    if (records.length > 0) await this.#alone(client => this.#transaction(client, timeMs, records));
  }

  async commit({ timeMs }: SinkBatch): Promise<void> {
    this.#doneMs = timeMs;
  }

  async abort({ timeMs }: SinkBatch): Promise<void> {
    this.#staged.delete(timeMs);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#client?.end();
    this.#client = undefined;
  }

  async #transaction(client: pg.Client, timeMs: number, records: readonly T[]): Promise<void> {
    const { columns, key = [] } = this.#options;
    const rows = lastOfEachKey(
      records.map(record => rowOf(record, columns)),
      key,
    );
    await client.query("begin");
    const written = await this.#written(client, lockBooks);
    if (!written.has(timeMs)) {
      for (let from = 0; from < rows.length; from += rowsPerStatement) {
        await client.query(this.#insert, [JSON.stringify(rows.slice(from, from + rowsPerStatement))]);
      }
      if (this.#doneMs !== undefined) written.done(this.#doneMs);
      written.add(timeMs);
      await client.query(writeBooks, [this.#id, JSON.stringify(written.toData())]);
    }
    await client.query("commit");
  }

  /** @throws MR_SINK_FENCED */
  async #written(client: pg.Client, query: string): Promise<WrittenBatches> {
    const { rows } = await client.query<{ run: string; written: WrittenBatchesData }>(query, [this.#id]);
    const [books] = rows;
    if (books !== undefined && books.run === this.#run) return new WrittenBatches(books.written);
    throw millraceError("MR_SINK_FENCED", `A newer run writes to ${this.name}: this one must not`);
  }

  /** Runs `work` when all before it is done. After a failure the next one gets a new connection. */
  #alone<R>(work: (client: pg.Client) => Promise<R>): Promise<R> {
    const result = this.#last.then(async () => {
      try {
        this.#client ??= await this.#connect();
        return await work(this.#client);
      } catch (error) {
        const broken = this.#client;
        this.#client = undefined;
        await broken?.end().catch(() => {});
        throw this.#failure(error);
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#connection, application_name: "millrace" });
    // A connection lost while nothing is asked is noticed by the next question.
    client.on("error", () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    return client;
  }

  #failure(error: unknown): unknown {
    if (error instanceof MillraceError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return millraceError("MR_SINK_DATABASE", `${this.name}: ${reason}`, { cause: error });
  }
}

function withoutPassword(connection: string): string {
  return connection.replace(/(\/\/[^:@/]*):[^@/]*@/, "$1@");
}
