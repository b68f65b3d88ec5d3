import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StreamingContext } from "../streaming-context.ts";

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

test("a glob finds directories that come later; files beside them are not read", async () => {
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

test("a name with characters of a glob is a name", async () => {
  const { platform, ssc, batches, write, open } = setUp({ "in/.keep": "" }, "in");
  open();
  await platform.run(ssc.start());
  await platform.advance(500);
  await platform.run(write("in/a[1]{x}*.txt", "odd\n"));
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
