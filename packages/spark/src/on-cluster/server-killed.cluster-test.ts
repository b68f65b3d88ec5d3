import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "millrace";
import { clusterContext } from "../fixtures/on-cluster.ts";

// The last file to run: the cluster is of no use afterwards.
test("a server killed in the middle of a job is a coded error", { timeout: 60_000 }, async () => {
  const sc = clusterContext();
  assert.equal(await sc.parallelize([1]).count(), 1);
  const run = sc.range(0, 1e12, 1, 2).count();
  const server = Number(process.env["MILLRACE_SPARK_SERVER_PID"]);
  setTimeout(() => process.kill(-server, "SIGKILL"), 500);
  const codes = ["MR_SPARK_UNREACHABLE", "MR_SPARK_SESSION_LOST"];
  const isCoded = (error: unknown) => error instanceof MillraceError && codes.includes(error.code);
  await assert.rejects(run, isCoded);
  await assert.rejects(sc.parallelize([1]).count(), isCoded);
});
