import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SparkConf } from "../common/conf/index.ts";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import { systemPlatform } from "../common/platform/system/index.ts";
import { withContext } from "./fixtures/contexts.ts";
import { SparkContext } from "./spark-context.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-context-"));
after(() => rmSync(root, { recursive: true }));

const slicings: readonly (readonly [
  length: number,
  slices: number,
  expected: readonly (readonly number[])[],
])[] = [
  [0, 2, [[], []]],
  [1, 3, [[], [], [0]]],
  [
    5,
    2,
    [
      [0, 1],
      [2, 3, 4],
    ],
  ],
  [
    7,
    3,
    [
      [0, 1],
      [2, 3],
      [4, 5, 6],
    ],
  ],
];

for (const [length, count, expected] of slicings) {
  test(`${length} values in ${count} partitions`, () =>
    withContext("local", async sc => {
      const all = Array.from({ length }, (_, i) => i);
      assert.deepEqual(await sc.parallelize(all, count).glom().collect(), expected);
      assert.deepEqual(await sc.range(0, length, 1, count).glom().collect(), expected);
    }));
}

test("a collection is copied when it is given", () =>
  withContext("local", async sc => {
    const values = [1, 2, 3];
    const rdd = sc.parallelize(values);
    values.length = 0;
    assert.deepEqual(await rdd.collect(), [1, 2, 3]);
    assert.deepEqual(await sc.makeRDD(new Set(["a", "b"])).collect(), ["a", "b"]);
  }));

const ranges: readonly (readonly [number, number, number, readonly number[]])[] = [
  [0, 3, 1, [0, 1, 2]],
  [0, 7, 3, [0, 3, 6]],
  [5, 0, -2, [5, 3, 1]],
  [3, 3, 1, []],
  [3, 0, 1, []],
  [0, 1, 0.25, [0, 0.25, 0.5, 0.75]],
];

for (const [start, end, step, expected] of ranges) {
  test(`range(${start}, ${end}, ${step})`, () =>
    withContext("local", async sc => {
      assert.deepEqual(await sc.range(start, end, step, 2).collect(), expected);
    }));
}

test("arguments that make no sense are refused at once", () =>
  withContext("local", sc => {
    const wrong: readonly (() => unknown)[] = [
      () => sc.parallelize([1], 0),
      () => sc.parallelize([1], 1.5),
      () => sc.range(0, 1, 0),
      () => sc.range(0, Number.NaN),
      () => sc.range(0, Number.POSITIVE_INFINITY),
      () => sc.range(0, 1, 1, -1),
      () => sc.textFile("/", 0),
      () => new SparkContext(new SparkConf().setAppName("t")),
      () => new SparkContext(new SparkConf().setMaster("local")),
    ];
    for (const call of wrong) assert.throws(call, { code: "MR_BAD_ARGUMENT" }, String(call));
    assert.throws(() => new SparkContext("", "t"), { name: "IllegalArgumentException" });
    assert.throws(() => new SparkContext("spark://host:7077", "t"), { code: "MR_MASTER_INVALID" });
  }));

test("getOrCreate answers the newest context that runs", async () => {
  const conf = new SparkConf().setMaster("local").setAppName("t");
  const first = SparkContext.getOrCreate(conf);
  const second = new SparkContext("local", "second");
  assert.equal(SparkContext.getOrCreate(conf), second);
  await second.stop();
  assert.equal(SparkContext.getOrCreate(conf), first);
  await first.stop();
  const third = SparkContext.getOrCreate(conf);
  assert.notEqual(third, first);
  await third.stop();
});

for (const master of ["local", "local[2]"]) {
  test(`${master}: a text file in any number of partitions, several files, a missing one`, () =>
    withContext(master, async sc => {
      const lines = Array.from({ length: 200 }, (_, i) => `Zeile ${i} ä€😀`);
      const path = join(root, "lines.txt");
      writeFileSync(path, lines.join("\n"));
      for (const count of [1, 2, 3, 7, 50]) {
        const rdd = sc.textFile(path, count);
        assert.ok(rdd.getNumPartitions() >= Math.min(count, 50));
        assert.deepEqual(await rdd.collect(), lines);
        assert.equal(await rdd.filter(line => line.includes("9 ")).count(), 20);
      }
      writeFileSync(join(root, "empty.txt"), "");
      assert.deepEqual(await sc.textFile(join(root, "empty.txt")).collect(), []);
      assert.equal(await sc.textFile(`${path},${join(root, "*.txt")}`).count(), 400);
      assert.throws(() => sc.textFile(join(root, "none.txt")), { code: "MR_PATH_NOT_FOUND" });
    }));
}

test("a file that cannot be opened is an error where it is named", async () => {
  const platform = createDeterministicPlatform({ seed: 1, files: { "/secret.txt": "x" } });
  const { files } = platform;
  files.open = path => {
    throw Object.assign(new Error(`cannot open ${path}`), { code: "MR_IO" });
  };
  await withContext("local", sc => assert.throws(() => sc.textFile("/secret.txt"), { code: "MR_IO" }), {
    platform,
  });
});

test("blocks are partitions, of records or of lines", () =>
  withContext("local[2]", async sc => {
    const bytes = new Uint8Array(new SharedArrayBuffer(7));
    bytes.set(new TextEncoder().encode("a\nö\nb\n"));
    const rdd = sc.blocks<unknown>([
      { kind: "values", values: [1, 2] },
      { kind: "lines", bytes, count: 3 },
    ]);
    assert.deepEqual(await rdd.glom().collect(), [
      [1, 2],
      ["a", "ö", "b"],
    ]);
  }));

/** The system, on a clock that goes on by 10 ms at each look: counts the turns a job gives. */
function countingPlatform() {
  let nowMs = 0;
  const counted = { turns: 0 };
  const platform: Platform = {
    ...systemPlatform,
    clock: { now: () => nowMs, monotonic: () => (nowMs += 10) },
    timers: {
      schedule: (delayMs, callback, options) => systemPlatform.timers.schedule(delayMs, callback, options),
      sleep: (delayMs, signal) => systemPlatform.timers.sleep(delayMs, signal),
      yieldTurn: () => {
        counted.turns += 1;
        return systemPlatform.timers.yieldTurn();
      },
    },
  };
  return { platform, counted };
}

/** Each must give the event loop some turns: a long partition, many short ones, and work before any record comes out. */
const longJobs: Readonly<Record<string, (sc: SparkContext) => Promise<unknown>>> = {
  count: sc =>
    sc
      .range(0, 200_000, 1, 1)
      .map(n => n + 1)
      .count(),
  "many partitions": sc => sc.range(0, 60, 1, 60).count(),
  "many jobs": async sc => {
    for (let i = 0; i < 60; i++) await sc.parallelize([i], 1).count();
  },
  "reduceByKey's map side": sc =>
    sc
      .range(0, 200_000, 1, 1)
      .map(n => [n % 7, n])
      .reduceByKey((a, b) => a + b)
      .count(),
  "reduceByKey's splitting": sc =>
    sc
      .range(0, 200_000, 1, 1)
      .map(n => [n, n])
      .reduceByKey((a, b) => a + b)
      .count(),
  groupByKey: sc =>
    sc
      .range(0, 200_000, 1, 1)
      .map(n => [n % 7, n])
      .groupByKey()
      .count(),
  mapPartitions: sc =>
    sc
      .range(0, 20_000, 1, 1)
      .mapPartitions(xs => xs)
      .count(),
  cogroup: sc => {
    const pairs = sc.range(0, 100_000, 1, 1).map((n): [number, number] => [n % 7, n]);
    return pairs.cogroup(pairs).count();
  },
  cache: sc => sc.range(0, 200_000, 1, 1).cache().count(),
  aggregate: sc =>
    sc.range(0, 200_000, 1, 1).aggregate(
      0,
      (a, b) => a + b,
      (a, b) => a + b,
    ),
};

for (const [name, run] of Object.entries(longJobs)) {
  test(`the event loop turns during ${name}`, async () => {
    const { platform, counted } = countingPlatform();
    await withContext("local", run, { platform });
    assert.ok(counted.turns >= 20, `only ${counted.turns} turns`);
  });
}

test("timers run while a job works in this thread", () =>
  withContext("local", async sc => {
    let ran = 0;
    const ticking = setInterval(() => {
      ran += 1;
    }, 1);
    // Each record waits for the timer: without turns this would never end.
    let last = 0;
    const job = sc.range(0, 1e12, 1, 1).map(() => {
      last = ran;
      return last;
    });
    const some = await job.filter(n => n >= 3).take(1);
    clearInterval(ticking);
    assert.ok((some[0] as number) >= 3);
  }));

/** Runs a program to its end; answers its exit code and what it printed. */
function runProgram(name: string, text: string): Promise<{ code: number | null; output: string }> {
  const path = join(root, `${name}.ts`);
  const api = new URL("./index.ts", import.meta.url).href;
  writeFileSync(path, `import { SparkContext } from ${JSON.stringify(api)};\n${text}`);
  const child = spawn(process.execPath, [
    "--conditions=millrace-source",
    "--disable-warning=ExperimentalWarning",
    path,
  ]);
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; output: string }>();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", bytes => {
      output += String(bytes);
    });
  }
  child.on("exit", code => resolve({ code, output }));
  return promise;
}

const programs: Readonly<Record<string, string>> = {
  "an idle context that was not stopped": `
    const sc = new SparkContext("local[2]", "idle");
    console.log(await sc.parallelize([1, 2, 3]).count());`,
  "a context that was stopped": `
    for (const master of ["local", "local[2]"]) {
      const sc = new SparkContext(master, "stopped");
      if (master === "local") console.log(await sc.parallelize([1, 2, 3]).count());
      await sc.stop();
    }`,
  "a context stopped in the middle of a job": `
    const sc = new SparkContext("local[2]", "middle");
    const job = sc.range(0, 1e15).count();
    setImmediate(() => sc.stop());
    await job.catch(error => console.log(error.code === "MR_JOB_CANCELLED" ? 3 : error));`,
};

for (const [name, text] of Object.entries(programs)) {
  test(`a program ends by itself: ${name}`, async () => {
    assert.deepEqual(await runProgram(name.replaceAll(" ", "-"), text), { code: 0, output: "3\n" });
  });
}

test("a job keeps the program alive until it has ended", async () => {
  const text = `
    const sc = new SparkContext("local[2]", "alive");
    sc.range(0, 300_000).map(n => n % 10).distinct().count().then(n => console.log(n));`;
  assert.deepEqual(await runProgram("alive", text), { code: 0, output: "10\n" });
});

test("the level of the log may change while it runs", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const sc = new SparkContext("local", "levels", { platform });
  sc.log.warn("first");
  sc.setLogLevel("OFF");
  sc.log.warn("second");
  sc.setLogLevel("Warn");
  sc.log.warn("third");
  assert.throws(() => sc.setLogLevel("loud"), { code: "MR_BAD_ARGUMENT" });
  assert.match(platform.host.stderrText, /first.*third/s);
  assert.doesNotMatch(platform.host.stderrText, /second/);
  sc.getConf().set("spark.app.name", "other");
  assert.equal(sc.conf.get("spark.app.name"), "levels");
  await platform.run(sc.stop());
});
