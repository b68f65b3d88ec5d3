import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { executorLocal } from "../task/executor-local.ts";
import { SparkContext } from "./spark-context.ts";

for (const [master, executors] of [
  ["local", 1],
  ["local[2]", 2],
] as const) {
  test(`tasks of ${master} share one per executor, which ends with the context`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "executor-local-"));
    const log = join(folder, "log");
    writeFileSync(log, "");
    const pool = executorLocal(
      async () => {
        const { appendFileSync } = await import("node:fs");
        appendFileSync(log, "made\n");
        return { name: `pool ${Math.random()}` };
      },
      { close: () => import("node:fs").then(({ appendFileSync }) => appendFileSync(log, "closed\n")) },
    );
    const sc = new SparkContext(master, "executorLocal");
    const names = new Set<string>();
    for (let job = 0; job < 3; job++) {
      const found = await sc
        .parallelize([1, 2, 3, 4, 5, 6, 7, 8], 8)
        .mapPartitions(async () => [(await pool()).name])
        .collect();
      for (const name of found) names.add(name);
    }
    await sc.stop();
    const lines = readFileSync(log, "utf8").trim().split("\n");
    const made = lines.filter(line => line === "made").length;
    assert.ok(made >= 1 && made <= executors);
    assert.equal(names.size, made);
    assert.equal(lines.filter(line => line === "closed").length, made);
    rmSync(folder, { recursive: true });
  });
}
