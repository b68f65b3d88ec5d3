import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { SparkConf, StreamingContext } from "millrace";
import { main } from "../main.ts";

async function millrace(...args: readonly string[]): Promise<string> {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  assert.equal(await main(args, { stdout: write, stderr: write }), 0, text);
  return text;
}

test("a checkpoint is listed, inspected, compared and removed", async () => {
  const directory = mkdtempSync(`${tmpdir()}/checkpoint-command-`);
  const conf = new SparkConf().setMaster("local").setAppName("counts").set("my.password", "x");
  const ssc = new StreamingContext(conf, "20ms");
  ssc.checkpoint(directory);
  const ticks = ssc.inputStream("ticks", () => ({
    title: "Ticks",
    compute: () => ssc.sc.parallelize(["a"]),
  }));
  ticks.countByWindow("1s", "20ms").uid("all").print();
  await ssc.start();
  await ssc.stop({ graceful: true });
  assert.match(
    await millrace("checkpoint", "ls", directory),
    /^batches-1\.\d+ +\d+\n(.*\n)*checkpoint-\d+\.1\.2 /m,
  );
  const inspected = await millrace("checkpoint", "inspect", directory);
  assert.match(inspected, /application {5}counts on local\n/);
  assert.match(inspected, /all\/.*reduceByKeyAndWindow\), every 20 ms, window 1000 ms, saved at \d+ ms/);
  assert.match(inspected, /my\.password=\(not recorded\)/);
  assert.match(await millrace("checkpoint", "diff", directory), /^- last batch none\n/m);
  assert.match(await millrace("checkpoint", "rm", directory), /--yes removes them/);
  await millrace("checkpoint", "rm", directory, "--yes");
  assert.deepEqual(readdirSync(directory), []);
  assert.equal(await millrace("checkpoint", "ls", directory), "There is no checkpoint.\n");
  rmSync(directory, { recursive: true });
});
