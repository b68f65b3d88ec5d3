import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { textSplitsOf } from "../../rdd/index.ts";
import { StreamingContext } from "../streaming-context.ts";
import { fileInput } from "./file-input.ts";

function setUp(files: Record<string, string>, directory: string) {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 10_000, files });
  const conf = new SparkConf().setMaster("local").setAppName("files").set("spark.log.level", "warn");
  const ssc = new StreamingContext(conf, 2000, { platform });
  const batches: string[][] = [];
  const descriptions: string[] = [];
  const write = async (path: string, text: string) => {
    const file = await platform.files.create(path);
    await file.write(new TextEncoder().encode(text));
    await file.close();
  };
  const open = () => {
    ssc.textFileStream(directory).foreachRDD(async rdd => {
      batches.push(await rdd.collect());
    });
    ssc.addStreamingListener({
      onBatchCompleted: ({ batchInfo }) => {
        for (const info of batchInfo.streamIdToInputInfo.values()) {
          descriptions.push(`${info.numRecords} records: ${String(info.metadata["Description"])}`);
        }
      },
    });
  };
  return { platform, ssc, batches, descriptions, write, open };
}

test("each new file is read once, in the batch after it was written", async () => {
  const { platform, ssc, batches, descriptions, write, open } = setUp({ "in/0": "old\n" }, "in");
  await platform.advance(2000);
  open();
  await platform.run(ssc.start());
  await platform.advance(1000);
  for (let i = 1; i <= 3; i++) {
    await platform.run(write(`in/${i}`, `${i}\n${i * 10}\n`));
    await platform.advance(2000);
  }
  await platform.run(ssc.stop());
  assert.deepEqual(batches, [
    ["1", "10"],
    ["2", "20"],
    ["3", "30"],
  ]);
  assert.deepEqual(descriptions, ["0 records: in/1", "0 records: in/2", "0 records: in/3"]);
});

test("hidden files and files of folders are left alone; a renamed file is read then", async () => {
  const { platform, ssc, batches, write, open } = setUp({ "in/.keep": "" }, "in");
  open();
  await platform.run(ssc.start());
  await platform.advance(500);
  for (const name of [".hidden", "_temporary", "folder/inner", ".copying"])
    await platform.run(write(`in/${name}`, `${name}\n`));
  await platform.advance(2000);
  await platform.run(platform.files.rename("in/.copying", "in/copied"));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(batches, [[], [".copying"]]);
});

test("[case 375] a glob finds directories that come later; files beside them are not read", async () => {
  const { platform, ssc, batches, write, open } = setUp({ "logs/.keep": "" }, "logs/*/");
  open();
  await platform.run(ssc.start());
  await platform.advance(2000);
  await platform.run(write("logs/plain", "no\n"));
  await platform.run(write("logs/a/1", "a1\n"));
  await platform.run(write("logs/b/1", "b1\n"));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.match(platform.host.stderrText, /WARN .*Error finding new files: there is no directory logs\/\*\//);
  assert.deepEqual(batches, [[], ["a1", "b1"]]);
});

test("a name with characters of a glob, or a comma, is a name", async () => {
  const { platform, ssc, batches, write, open } = setUp({ "in/.keep": "" }, "in");
  open();
  await platform.run(ssc.start());
  await platform.advance(500);
  await platform.run(write("in/a[1], {x}*.txt", "odd\n"));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(batches, [["odd"]]);
});

const missing: [directory: string, message: RegExp][] = [
  ["nowhere", /there is no directory nowhere/],
  ["in/file", /this is a file, not a directory: in\/file/],
];

for (const [directory, message] of missing) {
  test(`${directory} is refused when the stream is declared`, async () => {
    const { ssc, open } = setUp({ "in/file": "" }, directory);
    assert.throws(open, { code: "MR_PATH_NOT_FOUND", message });
    await ssc.stop();
  });
}

/** Batches of 2 s from 12 000 ms on; file "0" is there already, changed at 10 000 ms. */
function growingDirectory() {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 12_000 });
  platform.files.put("in/0", "0\n", 10_000);
  const conf = new SparkConf().setMaster("local").setAppName("files").set("spark.log.level", "off");
  const ssc = new StreamingContext(conf, 2000, { platform });
  /** Starts, and puts a file there in the middle of each batch. */
  const run = async (files: readonly (readonly [path: string, content: string | Uint8Array])[]) => {
    await platform.run(ssc.start());
    await platform.advance(1000);
    for (const [path, content] of files) {
      platform.files.put(path, content);
      await platform.advance(2000);
    }
    await platform.run(ssc.stop());
  };
  return { platform, ssc, run };
}

const fiveFiles = [1, 2, 3, 4, 5].map(i => [`in/${i}`, `${i}\n`] as const);

const newFiles: [name: string, newFilesOnly: boolean, expected: string[]][] = [
  ["[case 373] new files only", true, ["1", "2", "3", "4", "5"]],
  ["[case 374] files that are there as well", false, ["0", "1", "2", "3", "4", "5"]],
];

for (const [name, newFilesOnly, expected] of newFiles) {
  test(name, async () => {
    const { ssc, run } = growingDirectory();
    const lines: string[] = [];
    ssc.fileStream("in", { filter: () => true, newFilesOnly }).foreachRDD(async rdd => {
      lines.push(...(await rdd.collect()));
    });
    await run(fiveFiles);
    assert.deepEqual(lines, expected);
  });
}

test("a filter decides by the path, and a file may be read in any way", async () => {
  const { ssc, run } = growingDirectory();
  const found: string[] = [];
  const read = (path: string) => ssc.sc.parallelize([`read ${path}`], 1);
  ssc.fileStream("in", { filter: path => /[24]$/.test(path), read }).foreachRDD(async rdd => {
    found.push(...(await rdd.collect()));
  });
  await run(fiveFiles);
  assert.deepEqual(found, ["read in/2", "read in/4"]);
});

test("a file that cannot be read is left out of its batch", async () => {
  const { ssc, run } = growingDirectory();
  const found: string[] = [];
  const read = (path: string) => {
    if (path === "in/2") throw new RangeError("damaged");
    return ssc.sc.parallelize([path], 1);
  };
  ssc.fileStream("in", { read }).foreachRDD(async rdd => {
    found.push(...(await rdd.collect()));
  });
  await run(fiveFiles);
  assert.deepEqual(found, ["in/1", "in/3", "in/4", "in/5"]);
});

test("listeners are told which files are not read, and why", async () => {
  const { ssc, run } = growingDirectory();
  const skipped: unknown[] = [];
  ssc.textFileStream("in").foreachRDD(() => {});
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo }) => {
      const files = batchInfo.streamIdToInputInfo.get(0)?.metadata["skipped"];
      if (Array.isArray(files)) skipped.push(...files);
    },
  });
  await run([
    ["in/1", "1\n"],
    ["in/.2", "2\n"],
  ]);
  assert.deepEqual(skipped, [
    { path: "in/0", reason: "it was modified at 10000 ms, before the stream was made" },
  ]);
});

test("[case 372] [case 149] records of one length; a file that is replaced is new", async () => {
  const { ssc, run } = growingDirectory();
  const batches: number[][] = [];
  ssc.binaryRecordsStream("in", 1).foreachRDD(async rdd => {
    batches.push((await rdd.collect()).map(([byte = -1]) => byte));
  });
  const records = [0, 1, 2].map(i => [1, 2, 3, 4, 5].map(byte => byte + i));
  await run(records.map((bytes, i) => [`in/${i}`, Uint8Array.from(bytes)] as const));
  assert.deepEqual(batches, records);
});

test("a file of another size than its records fails the batch", async () => {
  const { platform, ssc } = growingDirectory();
  ssc.binaryRecordsStream("in", 4).print();
  await platform.run(ssc.start());
  platform.files.put("in/odd", new Uint8Array(10));
  await platform.advance(2000);
  await assert.rejects(platform.run(ssc.awaitTermination()), {
    message: /Byte array does not have correct length. 2 did not equal recordLength: 4/,
  });
  await platform.run(ssc.stop());
});

test("what is refused when the stream is declared", async () => {
  const { ssc } = growingDirectory();
  assert.throws(() => ssc.binaryRecordsStream("in", 0), { code: "MR_BAD_ARGUMENT" });
  assert.throws(() => ssc.fileStream("in", { filter: "*.txt" as never }), { code: "MR_BAD_ARGUMENT" });
  await ssc.stop();
});

test("batches that run again read what was recorded, as it was then", async () => {
  const { platform, ssc } = growingDirectory();
  const reports: number[] = [];
  const input = fileInput<string>({
    operator: "textFileStream",
    context: ssc.sc,
    files: platform.files,
    report: timeMs => reports.push(timeMs),
    log: ssc.log,
    directory: "in",
    filter: () => true,
    newFilesOnly: true,
    read: file => ssc.sc.fromReader({ name: "text-file" }, textSplitsOf(file)),
    nowMs: 12_000,
    stopwatch: platform.clock,
    batchMs: 2000,
    minRememberMs: 60_000,
  });
  const recorded = [{ path: "in/0", sizeBytes: 2, modifiedMs: 10_000, isDirectory: false }];
  const { node } = ssc.inputStream("files", () => input);
  input.restore?.({ state: undefined, batches: [{ timeMs: 10_000, recorded }], lastMs: 14_000 });
  platform.files.put("in/0", "0\nappended\n");
  const linesAt = async (timeMs: number) => (await input.compute(timeMs, node)?.collect()) ?? [];
  assert.deepEqual(await linesAt(10_000), ["0"]);
  assert.deepEqual(await linesAt(12_000), []);
  platform.files.put("in/9", "9\n", 15_000);
  assert.deepEqual(await linesAt(16_000), ["9"]);
  assert.deepEqual(reports, [16_000]);
  await platform.run(platform.files.remove("in/0"));
  assert.throws(() => input.compute(10_000, node), { code: "MR_PATH_NOT_FOUND", message: /in\/0 is gone/ });
  await ssc.stop();
});
