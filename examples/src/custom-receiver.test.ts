import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { it } from "node:test";
import { Milliseconds, SparkConf, StreamingContext } from "millrace";
import { LineReceiver } from "./custom-receiver.ts";

it("CustomReceiver receives lines, and connects again when the server has closed", async () => {
  // Each connection brings one line, the second after a restart.
  const texts = ["first line\n", "second \u{1F30A}\n"];
  const server = createServer(socket => socket.end(texts.shift() ?? ""));
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("custom receiver")
    .set("spark.log.level", "error")
    .set("spark.streaming.receiverRestartDelay", "20ms")
    .set("spark.streaming.blockInterval", "10ms");
  const ssc = new StreamingContext(conf, Milliseconds(30));
  const received: string[] = [];
  const all = Promise.withResolvers<void>();
  ssc.receiverStream(new LineReceiver("localhost", await listen(server))).foreachRDD(async rdd => {
    received.push(...(await rdd.collect()));
    if (received.length >= 2) all.resolve();
  });
  await ssc.start();
  await all.promise;
  await ssc.stop();
  server.close();
  assert.deepEqual(received, ["first line", "second \u{1F30A}"]);
});

/** Listens on a free port. */
function listen(server: Server): Promise<number> {
  return new Promise(resolve => {
    server.listen(0, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
