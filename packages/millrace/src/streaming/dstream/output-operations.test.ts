import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import { JsonLinesOutputFormat } from "../../rdd/index.ts";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";
import { StreamingContext } from "../streaming-context.ts";

async function run(
  batches: (number[] | null)[],
  declare: (stream: ReturnType<typeof batchesStream<number>>) => void,
) {
  const { ssc, clock, platform } = manualContext();
  declare(batchesStream(ssc, batches));
  await ssc.start();
  for (const _ of batches) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  return platform;
}

const ruler = "-".repeat(43);

test("print writes a block per batch, in the order of outputs and batches", async () => {
  const { host } = await run([[1, 2, 3], [], null], stream => {
    stream.map(n => [n, `n${n}`]).print(2);
    stream.count().filter(() => true);
  });
  assert.equal(
    host.stdoutText,
    `${ruler}\nTime: 1000 ms\n${ruler}\n(1,n1)\n(2,n2)\n...\n\n${ruler}\nTime: 2000 ms\n${ruler}\n\n`,
  );
});

test("print refuses a count that is none", async () => {
  const { ssc } = manualContext();
  const stream = batchesStream(ssc, [[1]]);
  for (const count of [-1, 1.5, Number.NaN])
    assert.throws(() => stream.print(count), { code: "MR_BAD_ARGUMENT" });
  await ssc.stop();
});

test("saveAsTextFiles makes a directory per batch and replaces one that is there", async () => {
  const { ssc, clock, platform } = manualContext();
  const old = await platform.files.create("out/n-1000.txt/part-00000");
  await old.close();
  batchesStream(ssc, [[1, 2], [3]]).saveAsTextFiles("out/n", "txt");
  await ssc.start();
  for (let i = 0; i < 2; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  await ssc.stop();
  const names = (await platform.files.list("out")).map(({ path }) => path);
  assert.deepEqual(names, ["out/n-1000.txt", "out/n-2000.txt"]);
  const parts = (await platform.files.list("out/n-1000.txt")).map(({ path }) =>
    path.slice("out/n-1000.txt/".length),
  );
  assert.deepEqual(parts, ["_SUCCESS", "part-00000", "part-00001"]);
});

test("streams are saved in any format, batch by batch, and again when a batch runs again", async () => {
  const { ssc, clock, platform } = manualContext();
  const pairs = batchesStream(ssc, [[1, 2], [3]], 1).map(n => [`n${n}`, n]);
  pairs.saveAsObjectFiles("out/objects");
  pairs.saveAsHadoopFiles("out/text", "log");
  pairs.saveAsNewAPIHadoopFiles("out/json", "", JsonLinesOutputFormat, { codec: "gzip" });
  await platform.files.mkdirs("out/text-1000.log");
  await ssc.start();
  for (let i = 0; i < 2; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
  }
  const read = (path: string) => ssc.sc.textFile(path).collect();
  assert.deepEqual(await ssc.sc.objectFile("out/objects-1000").collect(), [
    ["n1", 1],
    ["n2", 2],
  ]);
  assert.deepEqual(await read("out/text-1000.log"), ["n1\t1", "n2\t2"]);
  assert.deepEqual(await read("out/json-2000"), ['["n3",3]']);
  await ssc.stop();
});

test("foreachRDD is waited for, and runs once per batch in the order of batches", async () => {
  const trace: string[] = [];
  await run([[1], [2]], stream => {
    stream.foreachRDD(async (rdd, time) => {
      trace.push(`begin ${time}`);
      trace.push(`${await rdd.collect()}`);
      await Promise.resolve();
      trace.push(`end ${time}`);
    });
  });
  assert.deepEqual(trace, ["begin 1000 ms", "1", "end 1000 ms", "begin 2000 ms", "2", "end 2000 ms"]);
});

test("register computes a stream that nobody reads", async () => {
  const seen: number[] = [];
  await run([[1, 2]], stream => {
    stream.map(n => seen.push(n)).register();
  });
  assert.deepEqual(seen, [1, 2]);
});

for (const master of ["local", "local[2]"]) {
  test(`accumulators count in foreachRDD and in the actions it runs, on ${master} [case 78]`, async () => {
    const clock = new ManualClock();
    const ssc = new StreamingContext(master, "accumulators", 1000, { clock });
    const batches = ssc.sc.longAccumulator();
    const records = ssc.sc.longAccumulator();
    batchesStream(ssc, [
      [1, 1, 1],
      [1, 1, 1],
    ]).foreachRDD(async rdd => {
      batches.add(1);
      await rdd.foreach(() => records.add(1));
    });
    await ssc.start();
    for (let i = 0; i < 2; i++) {
      clock.advance(1000);
      await ssc.whenIdle();
    }
    await ssc.stop();
    assert.deepEqual([Number(batches.value), Number(records.value)], [2, 6]);
  });
}
