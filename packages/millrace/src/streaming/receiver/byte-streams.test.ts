import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { Connection } from "../../common/platform/platform.ts";
import { encodeRecords } from "../../task/readers/block.ts";
import type { DStream } from "../dstream/dstream.ts";
import { StreamingContext } from "../streaming-context.ts";
import { FrameCutter } from "./raw-receiver.ts";
import { startRawTextSender } from "./raw-text-sender.ts";

const PORT = 9999;

/** A context that collects what a stream of a socket brings, in a simulated world with a server. */
async function setUp<T>(open: (ssc: StreamingContext) => DStream<T>) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf().setMaster("local").setAppName("bytes").set("spark.log.level", "warn");
  const ssc = new StreamingContext(conf, 1000, { platform });
  const seen: T[] = [];
  open(ssc).foreachRDD(async rdd => {
    seen.push(...(await rdd.collect()));
  });
  const connections: Connection[] = [];
  const serve = () =>
    platform.run(
      platform.network.listen(PORT, connection => {
        connections.push(connection);
        return { onData() {}, onClose() {} };
      }),
    );
  const start = async () => {
    await platform.run(ssc.start());
    await platform.settle();
  };
  const send = async (bytes: Uint8Array) => {
    await platform.run(connections.at(-1)?.write(bytes) ?? Promise.reject(new TypeError("not connected")));
    await platform.settle();
  };
  return { platform, ssc, seen, connections, serve, start, send };
}

async function* upperCase(chunks: AsyncIterable<Uint8Array>) {
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (byte === 0) throw new RangeError("a zero");
      yield String.fromCharCode(byte).toUpperCase();
    }
  }
}

test("[case 107] declaring a stream of a socket connects to nothing", async () => {
  for (const open of [
    (ssc: StreamingContext) => ssc.socketTextStream("localhost", PORT),
    (ssc: StreamingContext) => ssc.socketStream("localhost", PORT, upperCase),
    (ssc: StreamingContext) => ssc.rawSocketStream<string>("localhost", PORT),
  ]) {
    const { platform, ssc, connections, serve } = await setUp<string>(open);
    await serve();
    await platform.advance(5000);
    assert.equal(connections.length, 0);
    await ssc.stop();
  }
});

test("a converter makes records of bytes; its failure and the end of the bytes connect again", async () => {
  const { platform, ssc, seen, connections, serve, start, send } = await setUp(context =>
    context.socketStream("localhost", PORT, upperCase),
  );
  await serve();
  await start();
  await send(Uint8Array.of(97, 98));
  await send(Uint8Array.of(99));
  connections[0]?.close();
  await platform.advance(3000);
  assert.match(platform.host.stderrText, /Socket data stream had no more data/);
  assert.equal(connections.length, 2);
  await send(Uint8Array.of(100, 0, 101));
  await platform.advance(3000);
  assert.match(platform.host.stderrText, /Error receiving data/);
  assert.equal(connections.length, 3);
  await send(Uint8Array.of(102));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(seen, ["A", "B", "C", "D", "F"]);
});

function frame(records: readonly unknown[]): Uint8Array {
  const encoded = encodeRecords(records);
  const bytes = new Uint8Array(4 + encoded.length);
  new DataView(bytes.buffer).setInt32(0, encoded.length);
  bytes.set(encoded, 4);
  return bytes;
}

test("frames become blocks however the bytes are cut; nonsense is a failed connection", async () => {
  const { platform, ssc, seen, connections, serve, start, send } = await setUp(context =>
    context.rawSocketStream<unknown>("localhost", PORT),
  );
  await serve();
  await start();
  const bytes = Buffer.concat([frame(["a", "b"]), frame([]), frame([{ id: 1 }])]);
  for (let at = 0; at < bytes.length; at += 7) await send(bytes.subarray(at, at + 7));
  await platform.advance(1000);
  await send(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  await platform.advance(3000);
  assert.match(platform.host.stderrText, /A frame of -1 bytes was announced/);
  assert.equal(connections.length, 2);
  await platform.run(ssc.stop());
  assert.deepEqual(seen, ["a", "b", { id: 1 }]);
});

test("a cutter answers frames of any size of piece", () => {
  const bytes = Buffer.concat([frame(["first"]), frame(["second", "third"])]);
  for (let size = 1; size <= bytes.length; size++) {
    const cutter = new FrameCutter();
    const found: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(...cutter.push(bytes.subarray(at, at + size)).map(({ length }) => length));
    }
    assert.deepEqual(found, [encodeRecords(["first"]).length, encodeRecords(["second", "third"]).length]);
  }
});

test("a raw text sender repeats its lines at its rate", async () => {
  const { platform, ssc, seen, start } = await setUp(context =>
    context.rawSocketStream<string>("localhost", PORT),
  );
  const sender = await platform.run(
    startRawTextSender({
      port: PORT,
      lines: ["to be", "or not"],
      blockSizeBytes: 100,
      bytesPerSecond: 1000,
      platform,
    }),
  );
  await start();
  await platform.advance(10_000);
  await platform.run(sender.close());
  await platform.run(ssc.stop());
  assert.deepEqual(seen.slice(0, 3), ["to be", "or not", "to be"]);
  assert.ok(seen.length > 500 && seen.length < 1700, String(seen.length));
});
