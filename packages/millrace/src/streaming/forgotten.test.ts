import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../common/conf/index.ts";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import type { Connection } from "../common/platform/platform.ts";
import { StorageLevel } from "../plan/index.ts";
import type { RDD } from "../rdd/index.ts";
import { StreamingContext } from "./streaming-context.ts";

test("what was received and persisted is let go with its batch [case 39]", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf().setMaster("local").setAppName("forgotten");
  const ssc = new StreamingContext(conf, 1000, { platform });
  const lines = ssc.socketTextStream("localhost", 9999, StorageLevel.MEMORY_AND_DISK);
  const mapped = lines.map(line => line.toUpperCase()).persist();
  const seen: { readonly received: RDD<string> | undefined; readonly kept: RDD<string> }[] = [];
  mapped.foreachRDD(async (kept, time) => {
    if ((await kept.count()) === 0) return;
    seen.push({ received: lines.node.generatedRDDs.get(time.milliseconds), kept });
  });
  const connections: Connection[] = [];
  await platform.run(
    platform.network.listen(9999, connection => {
      connections.push(connection);
      return { onData() {}, onClose() {} };
    }),
  );
  await platform.run(ssc.start());
  for (let i = 0; i < 6; i++) {
    await platform.settle();
    await platform.run(connections[0]?.write(`line ${i}\n`) ?? Promise.reject());
    await platform.advance(1000);
  }
  const [first, last] = [seen[0], seen.at(-1)];
  assert.equal(seen.length, 6);
  assert.deepEqual(
    [first?.kept.getStorageLevel(), last?.kept.getStorageLevel()],
    [StorageLevel.NONE, StorageLevel.MEMORY_ONLY_SER],
  );
  const remembered = [...lines.node.generatedRDDs.values()];
  assert.deepEqual(await platform.run(last?.received?.collect() ?? Promise.reject()), ["line 5"]);
  assert.ok(last?.received !== undefined && remembered.includes(last.received));
  assert.ok(first?.received !== undefined && !remembered.includes(first.received));
  await platform.run(ssc.stop());
});
