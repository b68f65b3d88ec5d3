import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createDeterministicPlatform,
  type DeterministicPlatform,
  SimulatedDisk,
} from "../../../common/platform/deterministic/index.ts";
import { SparkContext } from "../../../rdd/index.ts";
import type { Sink } from "../sink.ts";
import { type FileSinkOptions, fileSink } from "./file-sink.ts";

interface Process {
  readonly platform: DeterministicPlatform;
  readonly sink: Sink<unknown>;
  /** Writes a batch as a context would, unless the sink has it; `false` then. */
  batch(timeMs: number, ...records: unknown[]): Promise<boolean>;
}

async function start(disk: SimulatedDisk, options: FileSinkOptions<unknown> = {}): Promise<Process> {
  const platform = createDeterministicPlatform({ seed: 1, disk });
  const context = new SparkContext("local", "sink", { platform });
  const sink = fileSink("/out/", options);
  await platform.run(sink.open({ platform, outputId: "output-0", directory: undefined }));
  const write = async (timeMs: number, records: unknown[]): Promise<boolean> => {
    const batch = { timeMs };
    if (await sink.isCommitted?.(batch)) return false;
    await sink.begin(batch);
    await sink.write(context.parallelize(records, 2), batch);
    await sink.prepare(batch);
    await sink.commit(batch);
    return true;
  };
  return { platform, sink, batch: (timeMs, ...records) => platform.run(write(timeMs, records)) };
}

function contents(disk: SimulatedDisk): Record<string, string> {
  const { files } = createDeterministicPlatform({ seed: 1, disk });
  return Object.fromEntries(
    files.listSync("/out").map(({ path }) => [path.slice(5), files.text(path) ?? ""]),
  );
}

function parts(disk: SimulatedDisk): Record<string, string> {
  return Object.fromEntries(Object.entries(contents(disk)).filter(([name]) => name.startsWith("part-")));
}

test("batches share a file, which gets its name when the sink is closed", async () => {
  const disk = new SimulatedDisk(0);
  const { platform, sink, batch } = await start(disk);
  await batch(1000, { a: 1 }, undefined);
  await batch(2000);
  await batch(3000, "x");
  assert.deepEqual(Object.keys(contents(disk)), ["_journal-00000001", "_part-00000001.jsonl"]);
  await platform.run(sink.close());
  const { _manifest: manifest, ...rest } = contents(disk);
  assert.deepEqual(rest, { "part-00000001.jsonl": '{"a":1}\nnull\n"x"\n' });
  assert.match(
    manifest ?? "",
    /^[0-9a-f]{8} \{"number":1,"file":"part-00000001.jsonl","sizeBytes":17,"records":3,"crc32":\d+,"firstMs":1000,"lastMs":3000,/,
  );
});

test("a sink that was given nothing leaves nothing", async () => {
  const disk = new SimulatedDisk(0);
  const { platform, sink, batch } = await start(disk);
  await batch(1000);
  await platform.run(sink.close());
  assert.deepEqual(contents(disk), {});
});

const rolls: [what: string, options: FileSinkOptions<unknown>, expected: Record<string, string>][] = [
  [
    "large",
    { format: "text", rollBytes: 4 },
    { "part-00000001.txt": "1\n2\n", "part-00000002.txt": "3\n4\n" },
  ],
  ["old", { format: "text", rollInterval: "3s" }, { "part-00000001.txt": "1\n2\n3\n4\n" }],
  [
    "not so old, with a format of its own",
    { format: n => `<${n}>`, extension: "xml", rollInterval: "2s" },
    { "part-00000001.xml": "<1>\n<2>\n<3>\n" },
  ],
];
for (const [what, options, expected] of rolls) {
  test(`a file is complete when it is ${what}`, async () => {
    const disk = new SimulatedDisk(0);
    const { batch } = await start(disk, options);
    for (const n of [1, 2, 3, 4]) await batch(n * 1000, n);
    assert.deepEqual(parts(disk), expected);
  });
}

test("a batch that was written is known after a crash, and not written again", async () => {
  const disk = new SimulatedDisk(0);
  const first = await start(disk, { format: "text" });
  await first.batch(1000, "a");
  await first.batch(2000, "b");
  first.platform.crash("unsyncedLost");
  const second = await start(disk, { format: "text" });
  assert.equal(await second.batch(2000, "b again"), false);
  assert.equal(await second.batch(3000, "c"), true);
  await second.platform.run(second.sink.close());
  assert.deepEqual(parts(disk), { "part-00000001.txt": "a\nb\nc\n" });
});

test("content that is not what was written is not built upon", async () => {
  const disk = new SimulatedDisk(0);
  const first = await start(disk, { format: "text" });
  await first.batch(1000, "a");
  first.platform.crash();
  disk.put("/out/_part-00000001.txt", new TextEncoder().encode("b\n"), 0);
  await assert.rejects(start(disk, { format: "text" }), { code: "MR_SINK_DAMAGED" });
  disk.put("/out/_part-00000001.txt", new TextEncoder().encode("a"), 0);
  await assert.rejects(start(disk, { format: "text" }), { code: "MR_SINK_DAMAGED" });
});

/** Five batches, the second one failing at first, in files of two batches; then the end. */
async function writeAll(process: Process, batches: readonly number[]): Promise<void> {
  for (const n of batches) await process.batch(n * 1000, n, n + 0.5);
  await process.platform.run(process.sink.close());
}
const all = [1, 2, 3, 4, 5];
const expectedText = all.flatMap(n => [n, n + 0.5]).join("\n");
const small: FileSinkOptions<unknown> = { format: "text", rollBytes: 10 };

for (const model of ["allSynced", "unsyncedLost", "lastWriteTorn", "killed"] as const) {
  test(`a crash in any call, twice, loses and doubles nothing: ${model}`, async () => {
    const calls = await countCalls();
    assert.ok(calls > 40, `${calls} calls`);
    for (let first = 1; first <= calls; first++) {
      for (const second of [1, 5, 9, 13, 1000]) {
        const disk = new SimulatedDisk(0);
        await runUntilCrash(disk, first, model);
        await runUntilCrash(disk, second, "unsyncedLost");
        await writeAll(await start(disk, small), all);
        const text = Object.values(parts(disk)).join("");
        assert.equal(text.trimEnd(), expectedText, `crash in calls ${first} and ${second}`);
      }
    }
  });
}

test("a call that fails is made good by running the batch again", async () => {
  const calls = await countCalls();
  for (let failing = 1; failing <= calls; failing++) {
    const disk = new SimulatedDisk(0);
    let process = await start(disk, small);
    let count = 0;
    process.platform.files.onCall = () => (++count === failing ? { kind: "error", errno: "EIO" } : undefined);
    for (const n of all) {
      await process.batch(n * 1000, n, n + 0.5).catch(() => process.batch(n * 1000, n, n + 0.5));
    }
    process.platform.crash("unsyncedLost");
    process = await start(disk, small);
    await writeAll(process, all);
    assert.equal(Object.values(parts(disk)).join("").trimEnd(), expectedText, `failure of call ${failing}`);
  }
});

async function countCalls(): Promise<number> {
  const process = await start(new SimulatedDisk(0), small);
  let calls = 0;
  process.platform.files.onCall = () => {
    calls += 1;
    return undefined;
  };
  await writeAll(process, all);
  return calls;
}

/** Runs until call number `crashAt`, of opening the sink or after, is the process's last. */
async function runUntilCrash(
  disk: SimulatedDisk,
  crashAt: number,
  model: "allSynced" | "unsyncedLost" | "lastWriteTorn" | "killed",
): Promise<void> {
  const platform = createDeterministicPlatform({ seed: crashAt, disk });
  let calls = 0;
  platform.files.onCall = () =>
    ++calls === crashAt ? { kind: "crash", hasTakenEffect: crashAt % 2 === 0, model } : undefined;
  const context = new SparkContext("local", "sink", { platform });
  const sink = fileSink("/out", small);
  const program = async (): Promise<void> => {
    await sink.open({ platform, outputId: "output-0", directory: undefined });
    for (const n of all) {
      const batch = { timeMs: n * 1000 };
      if (await sink.isCommitted?.(batch)) continue;
      await sink.begin(batch);
      await sink.write(context.parallelize([n, n + 0.5], 2), batch);
      await sink.prepare(batch);
      await sink.commit(batch);
    }
    await sink.close();
  };
  await platform.run(program()).catch(() => {});
}
