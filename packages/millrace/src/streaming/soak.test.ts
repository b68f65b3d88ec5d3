import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

test("a program with every kind of operation keeps no more after many batches than after few", async () => {
  const main = join(import.meta.dirname, "fixtures", "soak-main.ts");
  const args = ["--expose-gc", "--conditions=millrace-source", "--disable-warning=ExperimentalWarning", main];
  const run = promisify(execFile)(process.execPath, [...args, "600"]);
  const { stdout } = await run.catch(error => assert.fail(`${error.stdout}${error.stderr}`));
  assert.match(stdout, /in the second half: flat\n$/);
});
