import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { Connection } from "../../common/platform/platform.ts";
import { StreamingContext } from "../streaming-context.ts";

const port = 9999;
const lineBytes = 1024;
const linesPerWrite = 1024;
const writes = 64;

/** Numbered lines, a megabyte at a time, as fast as they are taken. */
async function sendAll(connection: Connection, onSent: () => void): Promise<void> {
  for (let i = 0; i < writes; i++) {
    let text = "";
    for (let j = 0; j < linesPerWrite; j++) {
      text += `${`${i * linesPerWrite + j}`.padEnd(lineBytes - 1, ".")}\n`;
    }
    await connection.write(text);
    onSent();
  }
}

test("a source ten times too fast is slowed down: what waits is bounded, nothing is lost, the order stays", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("slow")
    .set("spark.log.level", "off")
    .set("spark.streaming.receiver.maxMemory", "32m");
  const ssc = new StreamingContext(conf, 1000, { platform });
  const seen: number[] = [];
  let sent = 0;
  let mostWaiting = 0;
  ssc.socketTextStream("localhost", port).foreachRDD(async rdd => {
    const lines = await rdd.collect();
    // A second brings ten megabytes and more; as many take ten seconds here.
    await platform.timers.sleep(lines.length);
    for (const line of lines) seen.push(Number.parseInt(line, 10));
  });
  const listening = platform.network.listen(
    port,
    connection => {
      void sendAll(connection, () => {
        sent += linesPerWrite;
        mostWaiting = Math.max(mostWaiting, (sent - seen.length) * lineBytes);
      });
      return { onData() {}, onClose() {} };
    },
    "localhost",
  );
  await platform.run(listening);
  await platform.run(ssc.start());
  for (let second = 0; second < 150 && seen.length < writes * linesPerWrite; second++) {
    await platform.advance(1000);
  }
  await platform.run(ssc.stop());
  assert.deepEqual(
    seen,
    Array.from({ length: writes * linesPerWrite }, (_, i) => i),
  );
  // Half of what receivers may have, a block of 8 MB that is being gathered, and what the network holds.
  assert.ok(mostWaiting < 26 * 2 ** 20, `${mostWaiting} bytes waited`);
});
