import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import {
  JsonLinesOutputFormat,
  type OutputFormatRef,
  SequenceFileOutputFormat,
  TextOutputFormat,
} from "../task/formats/index.ts";
import { quietContext } from "./fixtures/contexts.ts";
import type { SaveOptions } from "./save-actions.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-formats-"));
after(() => rmSync(root, { recursive: true }));

const ownFormats = new URL("./fixtures/own-formats.ts", import.meta.url).href;
const shoutingRef: OutputFormatRef = { module: ownFormats, export: "shouting" };
const foursRef = { module: ownFormats, export: "fours" };

for (const master of ["local", "local[2]"]) {
  const sc = quietContext(master);
  after(() => sc.stop());
  const directory = (name: string) => join(root, master.replace(/\W/g, ""), name);
  const pairs = sc.parallelize<[string, number | null]>(
    [
      ["a", 1],
      ["b", null],
    ],
    1,
  );

  const texts: readonly (readonly [
    name: string,
    format: OutputFormatRef,
    options: SaveOptions & Readonly<Record<string, unknown>>,
    file: string,
    text: string,
  ])[] = [
    ["pairs with tabs", TextOutputFormat, {}, "part-00000", "a\t1\nb\n"],
    ["JSON lines", JsonLinesOutputFormat, {}, "part-00000.json", '["a",1]\n["b",null]\n'],
    ["JSON, gzip", JsonLinesOutputFormat, { codec: "gzip" }, "part-00000.json.gz", '["a",1]\n["b",null]\n'],
    [
      "a codec by Hadoop's name",
      TextOutputFormat,
      { codec: "org.apache.hadoop.io.compress.GzipCodec" },
      "part-00000.gz",
      "a\t1\nb\n",
    ],
    ["a format of a module", shoutingRef, { mark: "?" }, "part-00000.loud", "A,1?\nB,?\n"],
  ];
  for (const [name, format, options, file, text] of texts) {
    test(`${master}: ${name}`, async () => {
      const path = directory(name.replace(/\W/g, "-"));
      await pairs.saveAsHadoopFile(path, format, options);
      assert.deepEqual(readdirSync(path).sort(), ["_SUCCESS", file]);
      const bytes = readFileSync(join(path, file));
      assert.equal(String(file.endsWith(".gz") ? gunzipSync(bytes) : bytes), text);
    });
  }

  test(`${master}: sequence files there and back, with and without a codec`, async () => {
    const counts = sc.range(0, 5000, 1, 3).map(n => [`key ${n}`, n]);
    const expected = await counts.collect();
    for (const options of [{}, { codec: "zstd" }, { codec: "gzip", compression: "record" }] as const) {
      const path = directory(`seq-${JSON.stringify(options).replace(/\W/g, "")}`);
      await counts.saveAsSequenceFile(path, { valueClass: "LongWritable", ...options });
      const read = sc.sequenceFile<string, number>(path, 7);
      assert.deepEqual(
        (await read.collect()).sort(([, a], [, b]) => a - b),
        expected,
      );
    }
  });

  test(`${master}: objects there and back`, async () => {
    const objects = [
      { at: new Date(5), tags: new Set(["x"]), big: 2n ** 70n },
      { at: new Date(6), tags: new Set<string>(), big: 1n },
    ];
    const path = directory("objects");
    await sc.parallelize(objects, 2).saveAsObjectFile(path, { codec: "zstd" });
    assert.deepEqual(await sc.objectFile(path).collect(), objects);
  });

  test(`${master}: replacing an output with another format leaves none of its files`, async () => {
    const path = directory("replaced");
    await sc.parallelize([1, 2, 3], 3).saveAsTextFile(path);
    await pairs.saveAsHadoopFile(path, JsonLinesOutputFormat, { overwrite: true });
    assert.deepEqual(readdirSync(path).sort(), ["_SUCCESS", "part-00000.json"]);
  });

  test(`${master}: what cannot work is refused before a task runs`, async () => {
    const path = directory("refused");
    const refused = { code: "MR_BAD_ARGUMENT", site: /file-formats\.test\.ts:\d+/ };
    const unknown = { name: "csv" } as unknown as OutputFormatRef;
    await assert.rejects(pairs.saveAsHadoopFile(path, unknown), refused);
    const missing = { module: ownFormats, export: "missing" };
    await assert.rejects(pairs.saveAsHadoopFile(path, missing), refused);
    const nowhere = { module: pathToFileURL(join(root, "nowhere.mjs")).href, export: "x" };
    await assert.rejects(pairs.saveAsNewAPIHadoopFile(path, nowhere), refused);
    const lzo = { codec: "org.apache.hadoop.io.compress.LzoCodec" } as const;
    await assert.rejects(pairs.saveAsTextFile(path, lzo), refused);
    await assert.rejects(
      pairs.saveAsHadoopFile(path, SequenceFileOutputFormat, { keyclass: "Text" }),
      refused,
    );
    assert.ok(!existsSync(path));
  });

  test(`${master}: a record that does not fit fails the action and leaves nothing`, async () => {
    const path = directory("unfit");
    const notAPair = { code: "MR_NOT_A_PAIR", operator: "saveAsHadoopFile" };
    const failed = { code: "MR_BAD_ARGUMENT" };
    await assert.rejects(sc.parallelize([1]).saveAsHadoopFile(path, TextOutputFormat), notAPair);
    await assert.rejects(pairs.saveAsSequenceFile(path, { valueClass: "Text", codec: "gzip" }), failed);
    await assert.rejects(sc.parallelize([undefined]).saveAsHadoopFile(path, JsonLinesOutputFormat), failed);
    assert.ok(!existsSync(path));
  });

  test(`${master}: an input format of a module, whose files are cut anywhere`, async () => {
    const path = join(mkdtempSync(join(root, "fours-")), "a.four");
    writeFileSync(path, Array.from({ length: 100 }, (_, i) => String(1000 + i)).join(""));
    const expected = Array.from({ length: 100 }, (_, i) => `n${1000 + i}`);
    for (const minPartitions of [1, 3, 7]) {
      const numbers = sc.newAPIHadoopFile<string>(path, foursRef, { minPartitions, prefix: "n" });
      assert.equal(numbers.getNumPartitions(), minPartitions);
      assert.deepEqual(await numbers.collect(), expected);
    }
    assert.equal(
      await sc
        .hadoopFile<string>(path, foursRef)
        .filter(text => text > "1090")
        .count(),
      9,
    );
  });

  test(`${master}: an input format that cannot work`, async () => {
    const path = join(mkdtempSync(join(root, "fours-")), "bad.four");
    writeFileSync(path, "12345");
    const at = /\[newAPIHadoopFile at .*file-formats\.test\.ts:\d+\]/;
    await assert.rejects(sc.newAPIHadoopFile(path, foursRef, { minPartitions: 1 }).count(), {
      code: "MR_TASK_FAILED",
      message: new RegExp(`bad\\.four ends within a record.*${at.source}`, "s"),
    });
    const refused = { code: "MR_BAD_ARGUMENT", message: at };
    await assert.rejects(sc.newAPIHadoopFile(path, foursRef, { prefx: 1 }).count(), refused);
    await assert.rejects(sc.newAPIHadoopFile(path, { ...foursRef, export: "shouting" }).count(), refused);
    await assert.rejects(sc.newAPIHadoopFile(path, { ...foursRef, module: "nowhere" }).count(), refused);
    assert.throws(() => sc.newAPIHadoopFile(join(root, "none"), foursRef), { code: "MR_PATH_NOT_FOUND" });
    assert.throws(() => sc.hadoopFile(path, foursRef, { minPartitions: 0 }), { code: "MR_BAD_ARGUMENT" });
  });

  test(`${master}: whole files as texts and as bytes`, async () => {
    const path = mkdtempSync(join(root, "whole-"));
    for (let i = 0; i < 5; i++) writeFileSync(join(path, `${i}.txt`), `\uFEFFfile ${i}\r\n`);
    const whole = sc.wholeTextFiles(path, 2);
    assert.equal(whole.getNumPartitions(), 2);
    assert.deepEqual(
      await whole.collect(),
      Array.from({ length: 5 }, (_, i) => [join(path, `${i}.txt`), `file ${i}\r\n`]),
    );
    const sizes = sc.binaryFiles(join(path, "[0-2].txt")).mapValues(bytes => bytes.length);
    assert.deepEqual(await sizes.values().collect(), [11, 11, 11]);
    assert.throws(() => sc.binaryFiles(join(root, "none")), { code: "MR_PATH_NOT_FOUND" });
    assert.throws(() => sc.wholeTextFiles(path, 0), { code: "MR_BAD_ARGUMENT" });
  });

  test(`${master}: objects of another program are told from ours`, async () => {
    const path = directory("foreign");
    const foreign = sc.parallelize<[null, Uint8Array]>([[null, Uint8Array.of(0xac, 0xed, 0, 5)]], 1);
    await foreign.saveAsSequenceFile(path);
    await assert.rejects(sc.objectFile(path).collect(), {
      code: "MR_IO",
      message: /did not write/,
      operator: "objectFile",
      site: /file-formats\.test\.ts:\d+/,
    });
    await assert.rejects(sc.sequenceFile(import.meta.filename).collect(), { message: /no sequence file/ });
  });
}
