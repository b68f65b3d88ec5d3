import assert from "node:assert/strict";
import { test } from "node:test";
import { Milliseconds, MillraceError, StreamingContext } from "millrace";
import { clusterContext } from "../fixtures/on-cluster.ts";

// The last file to run: the cluster is of no use afterwards.
test("a server killed in the middle of a batch ends the stream with a coded error", {
  timeout: 300_000,
}, async () => {
  const sc = clusterContext();
  assert.equal(await sc.parallelize([1]).count(), 1);
  const ssc = new StreamingContext(sc, Milliseconds(200));
  const isInBatch = Promise.withResolvers<void>();
  ssc.queueStream([[1]]).foreachRDD(() => {
    isInBatch.resolve();
    return sc.range(0, 1e12, 1, 2).count();
  });
  const run = sc.range(0, 1e12, 1, 2).count();
  await ssc.start();
  await isInBatch.promise;
  const server = Number(process.env["MILLRACE_SPARK_SERVER_PID"]);
  setTimeout(() => process.kill(-server, "SIGKILL"), 500);
  try {
    await Promise.all([
      assert.rejects(ssc.awaitTermination(), ({ code, cause }) => {
        assert.equal(code, "MR_STREAMING_JOB_FAILED");
        return isOfServer(cause);
      }),
      assert.rejects(run, isOfServer),
    ]);
    await assert.rejects(sc.parallelize([1]).count(), isOfServer);
  } finally {
    await ssc.stop();
  }
});

function isOfServer(error: unknown): boolean {
  const codes = ["MR_SPARK_UNREACHABLE", "MR_SPARK_SESSION_LOST"];
  return error instanceof MillraceError && codes.includes(error.code);
}
