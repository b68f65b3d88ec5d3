import assert from "node:assert/strict";
import { test } from "node:test";
import { threadId } from "node:worker_threads";
import { SparkConf } from "../common/conf/index.ts";
import { StorageLevel } from "../plan/index.ts";
import { SparkContext } from "../rdd/index.ts";
import { StreamingContext } from "../streaming/index.ts";
import { canned } from "./fixtures/canned-files.ts";
import { createMemoryFileSystem, type FileFault } from "./index.ts";

const conf = (master: string) =>
  new SparkConf().setMaster(master).setAppName("files").set("spark.log.level", "off");

for (const master of ["local", "local[2]"]) {
  const withMemory = async (
    files: Readonly<Record<string, string>>,
    body: (sc: SparkContext, memory: ReturnType<typeof createMemoryFileSystem>) => Promise<void>,
  ) => {
    const memory = createMemoryFileSystem(files);
    await using sc = new SparkContext(conf(master), { fileSystems: { memory } });
    await body(sc, memory);
  };

  test(`${master}: all inputs and outputs take its paths`, () =>
    withMemory({ "/in/a.txt": "to be\n", "/in/b.txt": "or not\n" }, async (sc, memory) => {
      assert.deepEqual(await sc.textFile("memory:///in/*.txt").collect(), ["to be", "or not"]);
      assert.deepEqual(await sc.wholeTextFiles("memory:///in").keys().collect(), [
        "memory:///in/a.txt",
        "memory:///in/b.txt",
      ]);
      await sc.parallelize(["a", "b"], 2).saveAsTextFile("memory:///out/text");
      assert.deepEqual(
        memory.listSync("/out/text").map(({ path }) => path),
        ["/out/text/_SUCCESS", "/out/text/part-00000", "/out/text/part-00001"],
      );
      await sc.parallelize([{ id: 1 }], 1).saveAsObjectFile("memory:///out/objects", { codec: "gzip" });
      assert.deepEqual(await sc.objectFile("memory:///out/objects").collect(), [{ id: 1 }]);
      await assert.rejects(sc.parallelize([1]).saveAsTextFile("memory:///out/text"), {
        code: "MR_PATH_EXISTS",
      });
    }));

  const faults: readonly (readonly [name: string, operation: string, fault: FileFault])[] = [
    ["a full disk", "write", { kind: "error", errno: "ENOSPC" }],
    ["a file that cannot be made", "create", { kind: "error", errno: "EMFILE" }],
    ["what cannot be synced", "sync", { kind: "error", errno: "EIO" }],
    ["what cannot be moved to its place", "rename", { kind: "error", errno: "EIO" }],
  ];
  for (const [name, operation, fault] of faults) {
    test(`${master}: ${name} leaves nothing that is taken for whole`, () =>
      withMemory({}, async (sc, memory) => {
        let calls = 0;
        memory.onCall = call => (call.operation === operation && ++calls === 2 ? fault : undefined);
        await assert.rejects(sc.parallelize(["a", "b", "c"], 3).saveAsTextFile("memory:///out"), {
          code: "MR_IO",
          message: /memory:\/\/\/out/,
        });
        assert.equal(memory.statSync("/out"), undefined);
      }));
  }

  test(`${master}: file systems that threads load are used there`, async () => {
    await using sc = new SparkContext(conf(master), { fileSystems: { canned } });
    const own = threadId;
    const lines = sc
      .textFile("canned:///in", 2)
      .map(line => `${line} ${threadId === own ? "here" : "there"}`);
    const where = master === "local" ? "here" : "there";
    assert.deepEqual(await lines.collect(), [`one ${where}`, `two ${where}`, `three ${where}`]);
  });

  test(`${master}: a scheme that nobody knows`, async () => {
    await using sc = new SparkContext(conf(master));
    assert.throws(() => sc.textFile("s3a://bucket/in"), {
      code: "MR_FILE_SYSTEM_MISSING",
      message: /s3a:\/\/bucket/,
    });
    await assert.rejects(sc.parallelize([1]).saveAsTextFile("s3a://bucket/out"), {
      code: "MR_FILE_SYSTEM_MISSING",
    });
  });

  test(`${master}: a disk that is full while partitions are spilled`, async () => {
    const memory = createMemoryFileSystem();
    memory.onCall = ({ operation }) =>
      operation === "append" ? { kind: "error", errno: "ENOSPC" } : undefined;
    const settings = conf(master)
      .set("spark.local.dir", "memory:///scratch")
      .set("spark.testing.memory", "256k");
    await using sc = new SparkContext(settings, { fileSystems: { memory } });
    const grouped = sc
      .range(0, 40_000, 1, 2)
      .map(n => [n % 1000, `value ${n}`])
      .groupByKey(2);
    await assert.rejects(grouped.count(), {
      code: "MR_SPILL",
      message: /memory:\/\/\/scratch\/.*no space left.*\[groupByKey at .*memory-file-system\.test\.ts:\d+\]/s,
    });
    const kept = sc.range(0, 1000).persist(StorageLevel.DISK_ONLY);
    await assert.rejects(kept.count(), { code: "MR_SPILL", message: /memory:\/\/\/scratch/ });
  });
}

test("a stream reads files that appear in it, writes there and keeps its checkpoint there", async () => {
  const memory = createMemoryFileSystem();
  await memory.mkdirs("/in");
  const ssc = new StreamingContext(conf("local"), "50ms", { fileSystems: { memory } });
  ssc.checkpoint("memory:///checkpoint");
  const lines = ssc.textFileStream("memory:///in");
  const { promise: seen, resolve } = Promise.withResolvers<number>();
  lines.saveAsTextFiles("memory:///out/lines", "txt");
  lines.foreachRDD(async (rdd, time) => {
    if ((await rdd.count()) > 0) resolve(time.milliseconds);
  });
  await ssc.start();
  memory.put("/in/a.txt", "first\n");
  const time = await seen;
  await ssc.stop({ graceful: true });
  assert.match(memory.text(`/out/lines-${time}.txt/part-00000`) ?? "", /first/);
  assert.notEqual(memory.statSync("/checkpoint"), undefined);
});
