import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import { quietContext, withContext } from "./fixtures/contexts.ts";
import type { SparkContext } from "./spark-context.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-save-"));
after(() => rmSync(root, { recursive: true }));

const parts = (directory: string) => readdirSync(directory).sort();

for (const master of ["local", "local[2]"]) {
  const shared = quietContext(master);
  after(() => shared.stop());
  const onShared = (body: (sc: SparkContext) => Promise<void>) => body(shared);

  // Brackets in a path make it a pattern.
  const directory = (name: string) => join(root, master.replace(/\W/g, ""), name);

  test(`${master}: one file per partition, then _SUCCESS, and nothing else`, () =>
    onShared(async sc => {
      const path = directory("plain");
      await sc.parallelize(["é", ["a", 1], { b: [2] }, null, undefined], 2).saveAsTextFile(path);
      assert.deepEqual(parts(path), ["_SUCCESS", "part-00000", "part-00001"]);
      assert.equal(readFileSync(join(path, "part-00000"), "utf8"), "é\n(a,1)\n");
      assert.equal(readFileSync(join(path, "part-00001"), "utf8"), '{"b":[2]}\nnull\nnull\n');
      assert.deepEqual(await sc.textFile(path).collect(), ["é", "(a,1)", '{"b":[2]}', "null", "null"]);
    }));

  test(`${master}: a directory that exists is not touched, unless it is to be replaced`, () =>
    onShared(async sc => {
      const path = directory("twice");
      await sc.parallelize([1, 2, 3], 3).saveAsTextFile(path);
      const again = sc.parallelize([9], 1);
      await assert.rejects(again.saveAsTextFile(path), {
        code: "MR_PATH_EXISTS",
        operator: "saveAsTextFile",
      });
      assert.deepEqual(await sc.textFile(path).collect(), ["1", "2", "3"]);
      await again.saveAsTextFile(`file://${path}`, { overwrite: true });
      assert.deepEqual(parts(path), ["_SUCCESS", "part-00000"]);
      assert.deepEqual(await sc.textFile(path).collect(), ["9"]);
    }));

  test(`${master}: a partition that fails leaves nothing, or what was there before`, () =>
    onShared(async sc => {
      const path = directory("failing");
      const failing = sc.parallelize([1, 2, 3, 4], 4).map(n => {
        if (n === 3) throw new Error("three");
        return n;
      });
      await assert.rejects(failing.saveAsTextFile(path), { code: "MR_TASK_FAILED", message: /three/ });
      assert.ok(!existsSync(path));
      await sc.parallelize([1], 1).saveAsTextFile(path);
      await assert.rejects(failing.saveAsTextFile(path, { overwrite: true }));
      assert.deepEqual(parts(path), ["_SUCCESS", "part-00000"]);
      assert.deepEqual(await sc.textFile(path).collect(), ["1"]);
    }));

  test(`${master}: no partitions, no parts`, () =>
    onShared(async sc => {
      await sc.emptyRDD().saveAsTextFile(directory("empty"));
      assert.deepEqual(parts(directory("empty")), ["_SUCCESS"]);
    }));
}

test("large partitions are written in pieces, in order", () =>
  withContext("local", async sc => {
    const path = join(root, "large");
    await sc
      .range(0, 50_000, 1, 1)
      .map(n => `line number ${n}`)
      .saveAsTextFile(path);
    const lines = readFileSync(join(path, "part-00000"), "utf8").split("\n");
    assert.deepEqual([lines.length, lines[49_999]], [50_001, "line number 49999"]);
  }));

test("_SUCCESS is written last", async () => {
  const platform = createDeterministicPlatform({ seed: 3 });
  const created: string[] = [];
  const { files } = platform;
  const [create, rename] = [files.create.bind(files), files.rename.bind(files)];
  files.create = path => {
    created.push(path);
    return create(path);
  };
  files.rename = (from, to) => {
    created.push(to);
    return rename(from, to);
  };
  const sc = quietContext("local", { platform });
  await platform.run(sc.parallelize([1, 2], 2).saveAsTextFile("/out"));
  assert.equal(created.at(-1), "/out/_SUCCESS");
  assert.equal(created.filter(path => /^\/out\/part-/.test(path)).length, 2);
  await sc.stop();
});
