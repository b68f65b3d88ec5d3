import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { Connection } from "../../common/platform/platform.ts";
import { StreamingContext } from "../streaming-context.ts";

const PORT = 9999;

/** A context that collects the lines of a socket stream, batch by batch, in a simulated world. */
function setUp(conf: Readonly<Record<string, string>> = {}) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const settings = {
    "spark.master": "local",
    "spark.app.name": "socket",
    "spark.log.level": "warn",
    ...conf,
  };
  const ssc = new StreamingContext(new SparkConf(settings), 1000, { platform });
  const batches: string[][] = [];
  ssc.socketTextStream("localhost", PORT).foreachRDD(async rdd => {
    batches.push(await rdd.collect());
  });
  const connections: Connection[] = [];
  const listen = () =>
    platform.run(
      platform.network.listen(
        PORT,
        connection => {
          connections.push(connection);
          return { onData() {}, onClose() {} };
        },
        "localhost",
      ),
    );
  const send = async (bytes: Uint8Array | string) => {
    await platform.run(connections.at(-1)?.write(bytes) ?? Promise.reject(new TypeError("not connected")));
    await platform.settle();
  };
  return { platform, ssc, batches, connections, listen, send };
}

test("lines and characters cut by packets come whole, once, in order", async () => {
  const { platform, ssc, batches, listen, send } = setUp();
  const text = "first\r\nzwölf Bögen 🎈\n\nlast\n";
  await listen();
  await platform.run(ssc.start());
  await platform.settle();
  for (const byte of new TextEncoder().encode(text)) await send(Uint8Array.of(byte));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(batches.flat(), ["first", "zwölf Bögen 🎈", "", "last"]);
});

test("listeners are told how many lines came", async () => {
  const { platform, ssc, listen, send } = setUp();
  const counts: number[] = [];
  ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => counts.push(batchInfo.numRecords) });
  await listen();
  await platform.run(ssc.start());
  await platform.settle();
  await send("a\nb\nc\n");
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(counts, [3, 0]);
});

test("nothing that listens: it says so, tries again, and reads once there is something", async () => {
  const { platform, ssc, batches, connections, listen, send } = setUp();
  await platform.run(ssc.start());
  await platform.advance(1000);
  assert.match(
    platform.host.stderrText,
    /WARN .*Restarting receiver with delay 2000 ms: Error connecting to localhost:9999/,
  );
  assert.equal(ssc.getState(), "ACTIVE");
  await listen();
  await platform.advance(2000);
  assert.equal(connections.length, 1);
  await send("late\n");
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(batches.flat(), ["late"]);
});

test("the end of the stream ends the last line, and a new connection is made", async () => {
  const { platform, ssc, batches, connections, listen, send } = setUp();
  await listen();
  await platform.run(ssc.start());
  await platform.settle();
  await send("one\ntwo");
  connections[0]?.close();
  await platform.advance(2500);
  assert.match(platform.host.stderrText, /Socket data stream had no more data/);
  assert.equal(connections.length, 2);
  await send("three\n");
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(batches.flat(), ["one", "two", "three"]);
});

test("declaring a stream connects to nothing", async () => {
  const { platform, ssc, connections, listen } = setUp();
  await listen();
  await platform.advance(5000);
  assert.equal(connections.length, 0);
  await ssc.stop();
});

test("a graceful stop processes what was received", async () => {
  const { platform, ssc, batches, listen, send } = setUp();
  await listen();
  await platform.run(ssc.start());
  await platform.settle();
  await send("a\nb\n");
  await platform.run(ssc.stop({ graceful: true }));
  assert.deepEqual(batches.flat(), ["a", "b"]);
});

test("a rate limit slows the sender down", async () => {
  const { platform, ssc, batches, listen, send } = setUp({ "spark.streaming.receiver.maxRate": "10" });
  await listen();
  await platform.run(ssc.start());
  await platform.settle();
  for (let i = 0; i < 30; i++) await send(`${i}\n`);
  await platform.advance(4000);
  await platform.run(ssc.stop());
  assert.deepEqual(
    batches.flat(),
    Array.from({ length: 30 }, (_, i) => `${i}`),
  );
  for (const batch of batches) assert.ok(batch.length <= 11, `${batch.length} in a batch`);
});
