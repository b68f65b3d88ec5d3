import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import { lz4Codec } from "../../task/memory/block-codec.ts";
import { SparkContext } from "../spark-context.ts";

const COUNT = 20_000;

const texts = (sc: SparkContext) => sc.range(0, COUNT, 1, 2).map(n => `the text of number ${n % 100}`);

/** Runs `body` with little memory, and answers with what it kept or spilled in files. */
async function scratchOf(
  master: string,
  settings: Readonly<Record<string, string>>,
  body: (sc: SparkContext) => Promise<unknown>,
): Promise<{ readonly sizeBytes: number; readonly files: readonly Buffer[] }> {
  const directory = mkdtempSync(`${tmpdir()}/compressed-`);
  const conf = new SparkConf()
    .setMaster(master)
    .setAppName("compression")
    .set("spark.log.level", "off")
    .set("spark.testing.memory", "512k")
    .set("spark.local.dir", directory);
  for (const [key, value] of Object.entries(settings)) conf.set(key, value);
  const sc = new SparkContext(conf);
  try {
    await body(sc);
    const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).map(
      name => `${directory}/${name}`,
    );
    const files = paths.filter(path => statSync(path).isFile()).map(path => readFileSync(path));
    return { sizeBytes: files.reduce((sum, { length }) => sum + length, 0), files };
  } finally {
    await sc.stop();
    rmSync(directory, { recursive: true });
  }
}

/** Kept on disk, and read again. */
async function keep(sc: SparkContext): Promise<void> {
  const kept = texts(sc).persist(StorageLevel.DISK_ONLY);
  assert.equal(await kept.count(), COUNT);
  assert.deepEqual(await kept.collect(), await texts(sc).collect());
}

/** Spilled by a shuffle, and read again. */
async function group(sc: SparkContext): Promise<void> {
  const groups = texts(sc)
    .map(text => [text.slice(-1), text])
    .groupByKey(2);
  const sizes = await groups.mapValues(group => group.length).collectAsMap();
  assert.deepEqual(
    [...sizes.values()],
    Array.from({ length: 10 }, () => COUNT / 10),
  );
}

const codecs = { local: ["zstd", "gzip", "lz4"], "local[2]": ["lz4"] };

for (const [master, names] of Object.entries(codecs)) {
  for (const codec of names) {
    const cases = [
      { what: "partitions on disk", key: "spark.rdd.compress", body: keep },
      { what: "spilled shuffles", key: "spark.shuffle.spill.compress", body: group },
    ];
    for (const { what, key, body } of cases) {
      test(`${what} are compressed with ${codec} on ${master}`, async () => {
        const plain = await scratchOf(master, {}, body);
        const compressed = await scratchOf(
          master,
          { [key]: "true", "spark.io.compression.codec": codec },
          body,
        );
        assert.ok(plain.sizeBytes > 0 && compressed.sizeBytes > 0);
        assert.ok(
          compressed.sizeBytes < plain.sizeBytes / 2,
          `${compressed.sizeBytes} of ${plain.sizeBytes} bytes`,
        );
      });
    }
  }

  test(`partitions kept as bytes are compressed on ${master}`, async () => {
    const memoryOf = async (settings: Readonly<Record<string, string>>) => {
      let bytes = 0;
      await scratchOf(master, { ...settings, "spark.testing.memory": "16m" }, async sc => {
        const kept = texts(sc).persist(StorageLevel.OFF_HEAP);
        assert.deepEqual(await kept.collect(), await texts(sc).collect());
        assert.deepEqual(await kept.collect(), await texts(sc).collect());
        bytes = sc.getRDDStorageInfo()[0]?.memSize ?? 0;
      });
      return bytes;
    };
    const plain = await memoryOf({});
    const compressed = await memoryOf({ "spark.rdd.compress": "true" });
    assert.ok(compressed > 0 && compressed < plain / 3, `${compressed} of ${plain} bytes`);
  });
}

test("nothing is compressed unless it is asked for", async () => {
  const { files } = await scratchOf("local", {}, keep);
  assert.ok(files.some(file => file.includes("text of number")));
});

test("a codec that is not known", () => {
  const conf = new SparkConf();
  assert.throws(() => conf.set("spark.io.compression.codec", "lzf"), {
    code: "MR_CONF_BAD_VALUE",
    message: /zstd, lz4, gzip/,
  });
});

test("a codec whose package is not installed", () => {
  const load = (name: string): never => {
    throw new Error(`Cannot find module '${name}'`);
  };
  assert.throws(() => lz4Codec(load), { code: "MR_CODEC_MISSING", hint: /npm install lz4-napi/ });
});
