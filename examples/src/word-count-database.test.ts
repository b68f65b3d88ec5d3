import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { it } from "node:test";
import { TestHarness } from "millrace/testing";
import { wordCounts } from "./network-word-count.ts";
import { saveCounts } from "./word-count-database.ts";

for (const master of ["local", "local[2]"]) {
  it(`WordCountDatabase writes every batch once, on ${master}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "word-count-database-"));
    const file = join(folder, "counts.sqlite");
    {
      await using harness = new TestHarness({ master });
      saveCounts(wordCounts(harness.addInput([["to be or", "not to be"], [], ["be"]]).stream), file);
      await harness.advanceBatch(3);
    }
    const database = new DatabaseSync(file);
    const rows = database.prepare("select batch, word, count from counts order by batch, word").all();
    database.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      rows.map(({ batch, word, count }) => [batch, word, count]),
      [
        [1000, "be", 2],
        [1000, "not", 1],
        [1000, "or", 1],
        [1000, "to", 2],
        [3000, "be", 1],
      ],
    );
  });
}
