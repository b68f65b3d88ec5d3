import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { SparkContext } from "../../../rdd/index.ts";
import type { Sink } from "../sink.ts";
import { type SqliteSinkOptions, sqliteSink } from "./sqlite-sink.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-sqlite-"));
const context = new SparkContext("local", "sqlite");
after(async () => {
  await context.stop();
  rmSync(folder, { recursive: true });
});

let databases = 0;
const newPath = (): string => join(folder, `${databases++}.db`);
const counts: SqliteSinkOptions = { table: "the counts", columns: ["word", "n"] };

async function opened<T>(path: string, options: SqliteSinkOptions = counts): Promise<Sink<T>> {
  const sink = sqliteSink<T>(path, options);
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

function rows(path: string, query = 'select * from "the counts" order by rowid'): unknown[][] {
  const database = new DatabaseSync(path);
  const found = database
    .prepare(query)
    .all()
    .map(row => Object.values(row));
  database.close();
  return found;
}

test("rows and the batch's time are committed together, and a batch once", async () => {
  const path = newPath();
  const sink = await opened(path);
  assert.equal(await writeBatch(sink, 1000, ["a", 1], { n: 2, word: "b", other: 3 }), true);
  assert.equal(await writeBatch(sink, 2000), true);
  assert.equal(await writeBatch(sink, 3000, ["c", 3]), true);
  await sink.close();
  const again = await opened(path);
  assert.equal(await writeBatch(again, 3000, ["c", 4]), false);
  assert.equal(await writeBatch(again, 4000, ["d", 4]), true);
  await again.close();
  assert.deepEqual(rows(path), [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["d", 4],
  ]);
  const [[written]] = rows(path, "select written from millrace_sinks") as [[string]];
  assert.deepEqual(JSON.parse(written), { doneMs: 2000, pending: [3000, 4000] });
});

test("with a key a later record replaces an earlier one", async () => {
  const path = newPath();
  const sink = await opened(path, { ...counts, key: ["word"] });
  await writeBatch(sink, 1000, ["a", 1], ["b", 1], ["a", 2]);
  await writeBatch(sink, 2000, ["b", 3]);
  await sink.close();
  assert.deepEqual(rows(path), [
    ["a", 2],
    ["b", 3],
  ]);
});

test("values SQLite has no type for", async () => {
  const path = newPath();
  const sink = await opened(path);
  await writeBatch(sink, 1000, [true, new Date(0)], [undefined, [1, { a: 2 }]], [null, 2n ** 40n]);
  await sink.close();
  assert.deepEqual(rows(path), [
    [1, "1970-01-01T00:00:00.000Z"],
    [null, '[1,{"a":2}]'],
    [null, 2 ** 40],
  ]);
});

test("a batch that fails leaves nothing", async () => {
  const path = newPath();
  const sink = await opened(path);
  await assert.rejects(writeBatch(sink, 1000, ["a", 1], "no row"), { code: "MR_SINK_RECORD" });
  await assert.rejects(writeBatch(sink, 1000, ["a", 1], [1, 2, 3]), { code: "MR_SINK_RECORD" });
  assert.equal(await writeBatch(sink, 1000, ["a", 2]), true);
  await sink.close();
  assert.deepEqual(rows(path), [["a", 2]]);
});

test("an older run does not write after a newer one began", async () => {
  const path = newPath();
  const older = await opened(path);
  const newer = await opened(path);
  await assert.rejects(writeBatch(older, 1000, ["a", 1]), { code: "MR_SINK_FENCED" });
  const batch = { timeMs: 2000 };
  await older.write(context.parallelize([["a", 2]]), batch);
  await assert.rejects(older.prepare(batch), { code: "MR_SINK_FENCED" });
  assert.equal(await writeBatch(newer, 1000, ["a", 3]), true);
  await older.close();
  await newer.close();
  assert.deepEqual(rows(path), [["a", 3]]);
});

test("columns and keys are checked when the sink is made", () => {
  const path = newPath();
  const wrong = { code: "MR_BAD_ARGUMENT" };
  assert.throws(() => sqliteSink(path, { table: "t", columns: [] }), wrong);
  assert.throws(() => sqliteSink(path, { table: "t", columns: ["a"], key: ["b"] }), wrong);
});
