import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const main = join(import.meta.dirname, "fixtures", "pipelines", "main.ts");

/** Threads run fewer, as each function has to travel first. */
const runs: readonly [master: string, firstSeed: number, count: number][] = [
  ["local", 1, 1000],
  ["local[2]", 1001, 40],
];

for (const [master, firstSeed, count] of runs) {
  test(`${count} random pipelines do what lists of batches say, on ${master}`, async () => {
    // In a process of their own: the hooks of the test runner would make up a third of the time.
    const args = ["--conditions=millrace-source", "--disable-warning=ExperimentalWarning", main];
    const run = promisify(execFile)(process.execPath, [...args, master, `${firstSeed}`, `${count}`]);
    const { stdout } = await run.catch(error => assert.fail(`${error.stdout}${error.stderr}`));
    assert.equal(stdout, `${count} pipelines do what the model says\n`);
  });
}
