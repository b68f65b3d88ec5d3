import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { Seconds, SparkConf, SparkContext, StreamingContext } from "millrace";

/** A port where nobody listens. */
function closedPort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

test("a program on a server that is not there fails with a coded error, and can stop", async () => {
  const master = `sc://127.0.0.1:${await closedPort()}`;
  await using sc = new SparkContext(new SparkConf().setMaster(master).setAppName("nobody"));
  assert.equal(sc.defaultParallelism, 2);
  await assert.rejects(sc.parallelize([1]).count(), {
    code: "MR_SPARK_UNREACHABLE",
    message: /ECONNREFUSED/,
  });
});

test("a stream on a server that is not there does not start", async () => {
  const ssc = new StreamingContext(`sc://127.0.0.1:${await closedPort()}`, "nobody", Seconds(1));
  ssc.queueStream([[1]]).print();
  await assert.rejects(ssc.start(), { code: "MR_SPARK_UNREACHABLE" });
  await ssc.stop();
});

test("a wrong address is a coded error at the first job", async () => {
  await using sc = new SparkContext("sc://host:0", "wrong");
  await assert.rejects(sc.parallelize([1]).count(), { code: "MR_MASTER_INVALID" });
});
