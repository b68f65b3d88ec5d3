import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { SparkContext } from "../../rdd/index.ts";
import { TextOutputFormat } from "../../task/formats/output-format.ts";
import type { DStream } from "../dstream/dstream.ts";
import { beginLife, checkpointDir, type Life } from "../fixtures/lives.ts";
import { batchesStream, manualContext } from "../fixtures/run-batches.ts";
import { StreamingContext } from "../streaming-context.ts";
import { listCheckpoint, loadCheckpoint } from "./load-checkpoint.ts";
import { recordedConf } from "./recorded-conf.ts";

const add = (a: number, b: number) => a + b;
const sum = (values: readonly number[], before = 0) => values.reduce(add, before);

/** What reads the disk of a life that has ended. */
function filesAfter(life: Life) {
  return createDeterministicPlatform({ seed: 1, disk: life.platform.disk }).files;
}

test("getOrCreate goes on with a checkpoint that can be read, whoever made the SparkContext [case 108]", async () => {
  const found: boolean[] = [];
  const declare = (ssc: StreamingContext) => batchesStream(ssc, [[1]]).print(0);
  const first = await beginLife(declare);
  found.push(first.ssc.isCheckpointPresent);
  await first.advance();
  await first.ssc.stop();
  const files = { [`${checkpointDir}/checkpoint-1000.1.1`]: "not a checkpoint" };
  const anew = await beginLife(declare, { files, recovery: { createOnError: true } });
  found.push(anew.ssc.isCheckpointPresent);
  await anew.ssc.stop();
  const second = await beginLife(declare, { after: first });
  found.push(second.ssc.isCheckpointPresent);
  await second.ssc.stop();
  const { disk } = first.platform;
  const platform = createDeterministicPlatform({ seed: 1, disk });
  const conf = new SparkConf().setMaster("local").setAppName("test").set("spark.log.level", "off");
  const sc = new SparkContext(conf, { platform });
  const third = await StreamingContext.getOrCreate(checkpointDir, () => {
    const ssc = new StreamingContext(sc, 1000);
    declare(ssc);
    return ssc;
  });
  found.push(third.isCheckpointPresent);
  assert.equal(third.sparkContext, sc);
  await third.stop();
  assert.deepEqual(found, [false, false, true, true]);
});

test("getActiveOrCreate creates a context unless one is active [case 153]", async () => {
  let created = 0;
  const create = (): StreamingContext => {
    created += 1;
    const { ssc } = manualContext();
    batchesStream(ssc, [[1]]).print(0);
    return ssc;
  };
  const first = StreamingContext.getActiveOrCreate(create);
  await first.start();
  assert.equal(StreamingContext.getActiveOrCreate(create), first);
  assert.equal(created, 1);
  await first.stop();
  const second = StreamingContext.getActiveOrCreate(create);
  assert.notEqual(second, first);
  assert.equal(created, 2);
  await second.stop();
});

for (const [where, save] of [
  ["an output [case 159]", counts => counts.saveAsHadoopFiles("/out/result", "txt")],
  [
    "a transformation [case 161]",
    counts => {
      const saving: Promise<void>[] = [];
      const saved = counts.transform((rdd, time) => {
        const path = `/out/result-${time.milliseconds}.txt`;
        saving.push(rdd.saveAsHadoopFile(path, TextOutputFormat, { overwrite: true }));
        return rdd;
      });
      saved.foreachRDD(async () => {
        await Promise.all(saving);
      });
    },
  ],
] satisfies [string, (counts: DStream<[string, number]>) => void][]) {
  test(`a batch that runs again replaces the files of ${where}`, async () => {
    const input = [["a", "a", "b"], ["", ""], [], ["a", "a", "b"], ["", ""], []];
    const declare = (failsAt: number) => (ssc: StreamingContext) => {
      const counts = batchesStream(ssc, input)
        .map(word => [word, 1])
        .reduceByKey(add);
      save(counts);
      counts.foreachRDD(async (_, time) => {
        if (time.milliseconds === failsAt) throw new RangeError("after the files were written");
      });
    };
    const life = await beginLife(declare(3000));
    await life.advance(3);
    await life.ssc.stop();
    const next = await beginLife(declare(0), { after: life });
    await next.advance(3);
    const { files } = next.platform;
    const written = [1, 2, 3, 4, 5, 6].map(second =>
      files
        .listSync(`/out/result-${second * 1000}.txt`)
        .map(({ path }) => (path.includes("/part-") ? (files.text(path) ?? "") : ""))
        .join("")
        .split("\n")
        .filter(line => line !== "")
        .sort(),
    );
    await next.ssc.stop();
    assert.deepEqual(written, [["a\t2", "b\t1"], ["\t2"], [], ["a\t2", "b\t1"], ["\t2"], []]);
  });
}

for (const [which, key, value] of [
  ["a key of one's own [case 164]", "spark.mykey", "myvalue"],
  ["a duration [case 339]", "spark.dummyTimeConfig", "10s"],
] as const) {
  test(`a checkpoint records the configuration, the program's own counts: ${which}`, async () => {
    const declare = (ssc: StreamingContext) => batchesStream(ssc, [[1]]).print(0);
    const life = await beginLife(declare, { conf: { [key]: value } });
    await life.advance();
    life.platform.crash();
    const { conf } = (await loadCheckpoint(filesAfter(life), checkpointDir))?.snapshot ?? {};
    assert.equal(conf?.[key], value);
    assert.deepEqual([conf?.["spark.master"], conf?.["spark.app.name"]], ["local", "test"]);
    const next = await beginLife(declare, { after: life, conf: { [key]: value } });
    assert.equal(next.ssc.conf.get(key), value);
    await next.ssc.stop();
  });
}

test("where a driver runs is recorded in no checkpoint [case 165]", () => {
  const conf = new SparkConf().set("spark.driver.host", "localhost").set("spark.driver.port", 9999);
  assert.deepEqual(Object.keys(recordedConf(conf.set("spark.mykey", "x"))), ["spark.mykey"]);
});

test("every file is in one batch, whatever was down when it came [case 168]", async () => {
  const seen: [number, number][] = [];
  const declare = (failsAt: number) => (ssc: StreamingContext) => {
    ssc
      .textFileStream("/in")
      .map(Number)
      .reduceByWindow(add, 60_000, 2000)
      .foreachRDD(async (rdd, time) => {
        if (time.milliseconds === failsAt) throw new RangeError("stopped at it");
        for (const total of await rdd.collect()) seen.push([time.milliseconds, total]);
      });
  };
  const put = (life: Life, name: number, atMs: number): void => {
    life.platform.files.put(`/in/${name}`, `${name}\n`, atMs);
  };
  const files = { "/in/.keep": "" };
  const life = await beginLife(declare(6000), { batchMs: 2000, files });
  for (const name of [1, 2, 3]) {
    life.clock.advance(1000);
    put(life, name, life.clock.now());
    life.clock.advance(1000);
    await life.ssc.whenIdle();
  }
  await life.ssc.stop();
  assert.deepEqual(seen, [
    [2000, 1],
    [4000, 3],
  ]);
  // While nothing runs, files go on to come.
  for (const name of [4, 5, 6]) put(life, name, 2000 * name - 1000);
  life.clock.setTime(13_000);
  const next = await beginLife(declare(0), { after: life, batchMs: 2000 });
  assert.deepEqual(seen.slice(2), [
    [6000, 6],
    [8000, 10],
    [10_000, 15],
    [12_000, 21],
  ]);
  for (const name of [7, 8, 9]) {
    put(next, name, next.clock.now());
    next.clock.advance(2000);
    await next.ssc.whenIdle();
  }
  await next.ssc.stop();
  assert.deepEqual(
    seen.slice(6).map(([, total]) => total),
    [28, 36, 45],
  );
});

test("what three outputs share is restored once [case 169]", async () => {
  let restored = 0;
  const declare = (ssc: StreamingContext) => {
    const source = {
      title: "Numbers",
      compute: () => ssc.sc.parallelize([1]),
      record: () => 1,
      restore: () => {
        restored += 1;
      },
    };
    const mapped = ssc.inputStream("numbers", () => source).map<number>(n => n + 1);
    for (let i = 0; i < 3; i++) mapped.foreachRDD(rdd => rdd.count());
  };
  const life = await beginLife(declare);
  await life.advance(3);
  life.platform.crash();
  assert.equal(restored, 0);
  const next = await beginLife(declare, { after: life });
  assert.equal(restored, 1);
  await next.ssc.stop();
  assert.equal(restored, 1);
});

test("only files of a checkpoint's names are checkpoint files [case 171]", async () => {
  const { files } = createDeterministicPlatform({ seed: 1 });
  const none = { snapshots: [], segments: [] };
  assert.deepEqual(await listCheckpoint(files, "/checkpoint-01"), none);
  files.put("/checkpoint-01/this-is-matched-before-due-to-parent-path", "");
  assert.deepEqual(await listCheckpoint(files, "/checkpoint-01"), none);
  await files.mkdirs("/checkpoint-01/checkpoint-1000000000");
  assert.deepEqual(await listCheckpoint(files, "/checkpoint-01"), none);
});

test("state goes on over many failures [case 174]", async () => {
  const seen: [string, number][] = [];
  const input = Array.from({ length: 30 }, (_, i) => [Array.from({ length: i + 1 }, () => "a").join(" ")]);
  const declare = (ssc: StreamingContext) => {
    batchesStream(ssc, input)
      .flatMap(line => line.split(" "))
      .map(word => [word, 1])
      .updateStateByKey(sum)
      .checkpoint(5000)
      .foreachRDD(async rdd => {
        seen.push(...(await rdd.collect()));
      });
  };
  let last: Life | undefined;
  for (let batches = 0; batches < 30; ) {
    const most = (batches % 4) + 1;
    last = await beginLife(declare, { after: last });
    for (let i = 0; i < most && batches < 30; i++, batches++) await last.advance();
    last.platform.crash();
  }
  const totals = Array.from({ length: 30 }, (_, i) => ["a", ((i + 1) * (i + 2)) / 2]);
  assert.deepEqual(seen, totals);
});

test("accumulators and broadcasts made when they are first needed are there in every run", async () => {
  const totals: number[] = [];
  const run = async (after: Life | undefined): Promise<Life> => {
    // What a module of the program would hold: one of each per process.
    let dropped: ReturnType<SparkContext["longAccumulator"]> | undefined;
    let blocked: ReturnType<SparkContext["broadcast"]> | undefined;
    const declare = (ssc: StreamingContext) => {
      batchesStream(ssc, [["a", "b"], ["b"], ["c", "b"], ["a"]]).foreachRDD(async rdd => {
        dropped ??= rdd.sparkContext.longAccumulator("dropped");
        blocked ??= rdd.sparkContext.broadcast(["b"]);
        const [counter, list] = [dropped, blocked];
        const kept = rdd.filter(word => {
          const isKept = !(list.value as readonly string[]).includes(word);
          if (!isKept) counter.add(1);
          return isKept;
        });
        await kept.count();
        totals.push(Number(counter.value));
      });
    };
    const life = await beginLife(declare, { after });
    await life.advance(2);
    life.platform.crash();
    return life;
  };
  await run(await run(undefined));
  // What was counted is of one run, as in Spark.
  assert.deepEqual(totals, [1, 2, 1, 1]);
});
