import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { SparkConf } from "../common/conf/index.ts";
import type { ErrorCode } from "../common/errors/index.ts";
import { Partitioner } from "../plan/index.ts";
import { quietContext } from "./fixtures/contexts.ts";
import type { PairRDD } from "./rdd.ts";
import { SparkContext } from "./spark-context.ts";

const folder = mkdtempSync(`${tmpdir()}/bad-input-`);
after(() => rmSync(folder, { recursive: true }));

/** Sends everything to one partition, which may not be there. */
class To extends Partitioner {
  readonly numPartitions = 2;
  readonly target: number;

  constructor(target: number) {
    super();
    this.target = target;
  }

  override getPartition(): number {
    return this.target;
  }
}

const zipped = gzipSync("a line\n".repeat(50_000), { level: 1 });
const HALF = Math.floor(zipped.length / 2);
const files = {
  "cut.gz": zipped.subarray(0, HALF),
  "plain.gz": Buffer.from("not zipped at all\n"),
  "damaged.gz": Buffer.from(zipped).fill(0xff, HALF, HALF + 20),
  "cut.zst": Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04]),
  "odd.bin": Buffer.alloc(7),
  "none.seq": Buffer.from("nothing that Hadoop wrote"),
};
for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes);
mkdirSync(`${folder}/there`);

/** Records that are no pairs, where the compiler was told they are. */
const noPairs = (sc: SparkContext, record: unknown) =>
  sc.parallelize([0], 1).map(() => record) as unknown as PairRDD<string, number>;

const table: readonly (readonly [
  name: string,
  run: (sc: SparkContext) => unknown,
  code: ErrorCode,
  message: RegExp,
])[] = [
  [
    "a number for a pair",
    sc =>
      noPairs(sc, 5)
        .reduceByKey((a, b) => a + b)
        .collect(),
    "MR_NOT_A_PAIR",
    /5.*reduceByKey at/s,
  ],
  [
    "a text for a pair",
    sc => noPairs(sc, "ab").groupByKey().collect(),
    "MR_NOT_A_PAIR",
    /ab.*groupByKey at/s,
  ],
  [
    "nothing for a pair",
    sc =>
      noPairs(sc, undefined)
        .mapValues(n => n)
        .collect(),
    "MR_NOT_A_PAIR",
    /mapValues at/,
  ],
  [
    "an object for a pair",
    sc =>
      noPairs(sc, { k: 1 })
        .join(noPairs(sc, ["a", 1]))
        .collect(),
    "MR_NOT_A_PAIR",
    /join at/,
  ],
  ["no pair to count", sc => noPairs(sc, 1).countByKey(), "MR_NOT_A_PAIR", /countByKey at/],
  [
    "no pair to write",
    sc => noPairs(sc, 1).saveAsSequenceFile(`${folder}/none`),
    "MR_NOT_A_PAIR",
    /saveAsSequenceFile at/,
  ],
  [
    "no list from flatMap",
    sc =>
      sc
        .parallelize([1])
        .flatMap(() => 1 as unknown as number[])
        .collect(),
    "MR_BAD_ARGUMENT",
    /flatMap at/,
  ],
  [
    "no number to add",
    sc => (sc.parallelize(["a"]) as unknown as { sum(): Promise<number> }).sum(),
    "MR_NOT_A_NUMBER",
    /sum at/,
  ],
  [
    "a function for a key",
    sc =>
      sc
        .parallelize([1])
        .map(n => [() => n, n])
        .groupByKey()
        .collect(),
    "MR_KEY_UNSUPPORTED",
    /groupByKey at/,
  ],
  [
    "an instance for a key",
    sc =>
      sc
        .parallelize([1])
        .map(n => [new URL("x:y"), n])
        .reduceByKey((a, b) => a + b)
        .collect(),
    "MR_KEY_UNSUPPORTED",
    /reduceByKey at/,
  ],
  [
    "keys of kinds that have no order",
    sc =>
      sc
        .parallelize([1, 2])
        .sortBy(n => (n === 1 ? {} : new Map()))
        .collect(),
    "MR_KEY_UNSUPPORTED",
    /sortBy at/,
  ],
  [
    "no such partition",
    sc =>
      sc
        .parallelize([1])
        .map(n => [n, n])
        .partitionBy(new To(2))
        .collect(),
    "MR_PARTITIONER",
    /2.*partitionBy at/s,
  ],
  [
    "a negative partition",
    sc =>
      sc
        .parallelize([1])
        .map(n => [n, n])
        .groupByKey(new To(-1))
        .collect(),
    "MR_PARTITIONER",
    /-1.*groupByKey at/s,
  ],
  [
    "half a partition",
    sc =>
      sc
        .parallelize([1])
        .map(n => [n, n])
        .reduceByKey((a, b) => a + b, new To(0.5))
        .collect(),
    "MR_PARTITIONER",
    /0\.5.*reduceByKey at/s,
  ],
  [
    "no such file",
    sc => sc.textFile(`${folder}/none`),
    "MR_PATH_NOT_FOUND",
    /\/none \[textFile at .*bad-input/,
  ],
  [
    "a pattern that nothing matches",
    sc => sc.wholeTextFiles(`${folder}/*.none`),
    "MR_PATH_NOT_FOUND",
    /wholeTextFiles at/,
  ],
  ["a scheme that nobody knows", sc => sc.textFile("s3a://b/c"), "MR_FILE_SYSTEM_MISSING", /textFile at/],
  [
    "a directory that is there",
    sc => sc.parallelize([1]).saveAsTextFile(`${folder}/there`),
    "MR_PATH_EXISTS",
    /there already exists.*saveAsTextFile at/s,
  ],
  ["a gzip cut off", sc => sc.textFile(`${folder}/cut.gz`).count(), "MR_IO", /cut\.gz.*textFile at/s],
  [
    "a gzip that is none",
    sc => sc.textFile(`${folder}/plain.gz`).count(),
    "MR_IO",
    /plain\.gz.*textFile at/s,
  ],
  [
    "a damaged gzip",
    sc =>
      sc
        .textFile(`${folder}/damaged.gz`)
        .map(line => line.length)
        .sum(),
    "MR_IO",
    /damaged\.gz.*textFile at/s,
  ],
  ["a zstd cut off", sc => sc.textFile(`${folder}/cut.zst`).count(), "MR_IO", /cut\.zst.*textFile at/s],
  [
    "records of another length",
    sc => sc.binaryRecords(`${folder}/odd.bin`, 2).count(),
    "MR_RECORD_LENGTH",
    /odd\.bin.*binaryRecords at/s,
  ],
  [
    "no sequence file",
    sc => sc.sequenceFile(`${folder}/none.seq`).count(),
    "MR_IO",
    /none\.seq.*sequenceFile at/s,
  ],
  [
    "no file of objects",
    sc => sc.objectFile(`${folder}/none.seq`).count(),
    "MR_IO",
    /none\.seq.*objectFile at/s,
  ],
];

for (const master of ["local", "local[2]"]) {
  const sc = quietContext(master);
  after(() => sc.stop());
  for (const [name, run, code, message] of table) {
    test(`${master}: ${name}`, async () => {
      await assert.rejects(async () => run(sc), { code, message });
    });
  }

  test(`${master}: no place left to spill to`, async () => {
    const conf = new SparkConf().setMaster(master).setAppName("full").set("spark.log.level", "off");
    // A file where the directory should be.
    conf.set("spark.local.dir", `${folder}/odd.bin`).set("spark.testing.memory", "256k");
    await using full = new SparkContext(conf);
    const groups = full
      .range(0, 40_000, 1, 2)
      .map(n => [n % 1000, `value ${n}`])
      .groupByKey(2);
    await assert.rejects(groups.count(), {
      code: "MR_SPILL",
      message: /odd\.bin.*groupByKey at .*bad-input/s,
    });
  });

  test(`${master}: what fails while it writes leaves nothing behind`, async () => {
    const path = `${folder}/half-${master.length}`;
    const failing = sc.range(0, 1000, 1, 4).map(n => {
      if (n === 900) throw new RangeError("too much");
      return n;
    });
    await assert.rejects(failing.saveAsTextFile(path), {
      code: "MR_TASK_FAILED",
      message: /too much.*map at/s,
    });
    assert.equal(existsSync(path), false);
    await sc.range(0, 10).saveAsTextFile(path);
    await assert.rejects(failing.saveAsTextFile(path, { overwrite: true }), { code: "MR_TASK_FAILED" });
    assert.equal(await sc.textFile(path).count(), 10);
    assert.equal(existsSync(`${path}/_SUCCESS`), true);
  });
}
