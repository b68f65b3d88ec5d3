import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Sink, SparkContext } from "millrace";
import pg from "pg";
import { noPostgres, type PostgresServer, startPostgres } from "./fixtures/server.ts";
import { type PostgresSinkOptions, postgresSink } from "./postgres-sink.ts";

const server: PostgresServer | undefined = await startPostgres();
const context = new SparkContext("local", "postgres");
after(async () => {
  await context.stop();
  await server?.stop();
});

const counts: PostgresSinkOptions = { table: "counts", columns: ["word", "n"] };

async function query(text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: server?.url });
  await client.connect();
  const { rows } = await client.query({ text, rowMode: "array" });
  await client.end();
  return rows as unknown[][];
}

async function opened(options: PostgresSinkOptions = counts): Promise<Sink<unknown>> {
  const sink = postgresSink<unknown>(server?.url ?? "", options);
  await sink.open({ platform: context.platform, outputId: "output-0", directory: undefined });
  return sink;
}

async function writeBatch(sink: Sink<unknown>, timeMs: number, ...records: unknown[]): Promise<boolean> {
  const batch = { timeMs };
  if (await sink.isCommitted?.(batch)) return false;
  await sink.begin(batch);
  await sink.write(context.parallelize(records, 2), batch);
  await sink.prepare(batch);
  await sink.commit(batch);
  return true;
}

describe("a PostgreSQL sink", { skip: server === undefined ? noPostgres : false }, () => {
  before(() => query("create table counts (word text, n bigint)"));

  test("commits rows and the batch's time together, and a batch once", async () => {
    const sink = await opened();
    assert.equal(await writeBatch(sink, 1000, ["a", 1], { n: 2, word: "b" }), true);
    assert.equal(await writeBatch(sink, 2000), true);
    assert.equal(await writeBatch(sink, 3000, ["c", 2n ** 60n]), true);
    await sink.close();
    const again = await opened();
    assert.equal(await writeBatch(again, 3000, ["c", 4]), false);
    await again.close();
    assert.deepEqual(await query("select * from counts"), [
      ["a", "1"],
      ["b", "2"],
      ["c", String(2n ** 60n)],
    ]);
    assert.deepEqual(await query("select sink, written from millrace_sinks"), [
      ["counts", { doneMs: 2000, pending: [3000] }],
    ]);
  });

  test("replaces rows of the same key, also within a batch", async () => {
    await query("create schema other; create table other.latest (word text primary key, n int)");
    const sink = await opened({ table: "other.latest", columns: ["word", "n"], key: ["word"] });
    await writeBatch(sink, 1000, ["a", 1], ["b", 1], ["a", 2]);
    await writeBatch(sink, 2000, ["b", 3]);
    await sink.close();
    assert.deepEqual(await query("select * from other.latest order by word"), [
      ["a", 2],
      ["b", 3],
    ]);
  });

  test("converts values to the types of the columns", async () => {
    await query("create table kinds (b bool, t timestamptz, x bytea, j jsonb, d numeric)");
    const sink = await opened({ table: "kinds", columns: ["b", "t", "x", "j", "d"] });
    await writeBatch(sink, 1000, [true, new Date(0), Uint8Array.of(1, 255), { a: [1] }, "1.50"], {});
    await sink.close();
    assert.deepEqual(await query("select * from kinds"), [
      [true, new Date(0), Buffer.from([1, 255]), { a: [1] }, "1.50"],
      [null, null, null, null, null],
    ]);
  });

  test("a batch that fails leaves nothing, and can be written again over a new connection", async () => {
    await query("create table checked (word text, n int check (n > 0))");
    const sink = await opened({ ...counts, table: "checked" });
    await assert.rejects(writeBatch(sink, 1000, ["a", 1], ["b", -1]), { code: "MR_SINK_DATABASE" });
    await assert.rejects(writeBatch(sink, 1000, ["a", 1], "no row"), { code: "MR_SINK_RECORD" });
    assert.equal(await writeBatch(sink, 1000, ["a", 2]), true);
    await query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace'");
    const next = (): Promise<boolean> => writeBatch(sink, 2000, ["b", 3]);
    assert.equal(await next().catch(next), true);
    await sink.close();
    assert.deepEqual(await query("select * from checked order by n"), [
      ["a", 2],
      ["b", 3],
    ]);
  });

  test("an older run does not write after a newer one began", async () => {
    await query("create table fenced (word text, n int)");
    const options = { ...counts, table: "fenced" };
    const [older, newer] = [await opened(options), await opened(options)];
    await assert.rejects(writeBatch(older, 1000, ["a", 1]), { code: "MR_SINK_FENCED" });
    const batch = { timeMs: 2000 };
    await older.write(context.parallelize([["a", 2]]), batch);
    await assert.rejects(older.prepare(batch), { code: "MR_SINK_FENCED" });
    assert.equal(await writeBatch(newer, 1000, ["a", 3]), true);
    await Promise.all([older.close(), newer.close()]);
    assert.deepEqual(await query("select * from fenced"), [["a", 3]]);
  });

  test("many rows", async () => {
    await query("create table many (word text, n int)");
    const sink = await opened({ ...counts, table: "many" });
    await writeBatch(sink, 1000, ...Array.from({ length: 12_001 }, (_, n) => [`word ${n}`, n]));
    await sink.close();
    assert.deepEqual(await query("select count(distinct n)::int from many"), [[12_001]]);
  });
});

test("columns and keys are checked, and a password is not shown", () => {
  const wrong = { code: "MR_BAD_ARGUMENT" };
  const url = "postgres://me:secret@host/database";
  assert.throws(() => postgresSink(url, { table: "t", columns: [] }), wrong);
  assert.throws(() => postgresSink(url, { table: "t", columns: ["a"], key: ["b"] }), wrong);
  assert.equal(postgresSink(url, counts).name, "PostgreSQL postgres://me@host/database counts");
});
