import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { Milliseconds, Seconds, StreamingContext } from "millrace";
import { TestHarness } from "millrace/testing";
import { clusterContext } from "../fixtures/on-cluster.ts";

const sc = clusterContext();

test("NetworkWordCount: lines from a socket are counted on the cluster", async () => {
  const clients: Socket[] = [];
  const server = createServer(client => {
    clients.push(client);
    client.write("to be or\nnot to be\n");
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const ssc = new StreamingContext(sc, Milliseconds(300));
  const totals = new Map<string, number>();
  const seen = Promise.withResolvers<void>();
  ssc
    .socketTextStream("127.0.0.1", port)
    .flatMap(line => line.split(" "))
    .map(word => [word, 1])
    .reduceByKey((a, b) => a + b)
    .foreachRDD(async rdd => {
      for (const [word, count] of await rdd.collect()) totals.set(word, (totals.get(word) ?? 0) + count);
      if (totals.size === 4) seen.resolve();
    });
  await ssc.start();
  await Promise.race([seen.promise, ssc.awaitTermination()]);
  await ssc.stop({ stopSparkContext: false });
  for (const client of clients) client.destroy();
  server.close();
  assert.deepEqual(Object.fromEntries(totals), { to: 2, be: 2, or: 1, not: 1 });
});

const batches = [["a"], ["a", "b"], ["b"], [], ["c"], ["c", "a"]];
// Sums over three batches.
const expected = [{ a: 1 }, { a: 2, b: 1 }, { a: 2, b: 2 }, { a: 1, b: 2 }, { b: 1, c: 1 }, { a: 1, c: 2 }];

for (const inverse of [false, true]) {
  test(`reduceByKeyAndWindow ${inverse ? "with" : "without"} inverse, its results kept on the cluster`, async () => {
    await using harness = new TestHarness({ sparkContext: sc, interval: Seconds(1) });
    const ones = harness.addInput(batches).stream.map(word => [word, 1]);
    const add = (a: number, b: number) => a + b;
    const windowed = inverse
      ? ones.reduceByKeyAndWindow(add, (a, b) => a - b, Seconds(3), Seconds(1), {
          filterFunc: ([, n]) => n > 0,
        })
      : ones.reduceByKeyAndWindow(add, Seconds(3), Seconds(1));
    const outputs = harness.outputs(windowed);
    await harness.advanceBatch(batches.length);
    assert.deepEqual(
      outputs.batches.map(batch => Object.fromEntries(batch)),
      expected,
    );
  });
}
