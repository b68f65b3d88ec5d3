import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createDeterministicPlatform,
  type DeterministicPlatform,
  type FileFault,
  SimulatedDisk,
} from "../../common/platform/deterministic/index.ts";
import { encodeFrame } from "../checkpoint/frames.ts";
import { FileWriteAheadLog } from "./file-write-ahead-log.ts";
import { readLogFile } from "./read-log-file.ts";
import type { LogHandle, WriteAheadLogSettings } from "./write-ahead-log.ts";

const directory = "/log";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (record: Uint8Array): string => new TextDecoder().decode(record);
const numbers = Array.from({ length: 100 }, (_, i) => String(i + 1));
const defaults: WriteAheadLogSettings = {
  rollingIntervalMs: 1000,
  maxFailures: 1,
  closesFileAfterWrite: false,
};

function open(platform: DeterministicPlatform, settings: Partial<WriteAheadLogSettings> = {}) {
  return platform.run(FileWriteAheadLog.open(platform.files, directory, { ...defaults, ...settings }));
}

function world(disk?: SimulatedDisk): DeterministicPlatform {
  return createDeterministicPlatform(disk === undefined ? { seed: 1 } : { seed: 1, disk });
}

async function readAll(platform: DeterministicPlatform): Promise<string[]> {
  const log = await open(platform);
  const read = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { record } of log.readAll()) found.push(text(record));
    return found;
  };
  return platform.run(read());
}

function fileNames(platform: DeterministicPlatform): string[] {
  if (platform.files.statSync(directory) === undefined) return [];
  return platform.files.listSync(directory).map(({ path }) => path.slice(directory.length + 1));
}

/** Writes one record after the other, 500 ms apart from 10 500 ms on. */
async function writeAll(platform: DeterministicPlatform, settings: Partial<WriteAheadLogSettings>) {
  const log = await open(platform, settings);
  const handles: LogHandle[] = [];
  for (const [i, record] of numbers.entries()) {
    handles.push(await platform.run(log.write(bytes(record), 10_500 + i * 500)));
  }
  await platform.run(log.close());
  return handles;
}

function put(platform: DeterministicPlatform, path: string, records: readonly string[]): void {
  platform.files.put(path, Buffer.concat(records.map(record => encodeFrame(bytes(record)))));
}

test("[case 521] all records of all files are read, in the order of the files' times", async () => {
  const platform = world();
  for (let i = 1; i <= 10; i++) put(platform, `${directory}/log-${i}-${i}`, numbers);
  assert.deepEqual(await readAll(platform), Array(10).fill(numbers).flat());
});

for (const closesFileAfterWrite of [false, true]) {
  const how = closesFileAfterWrite ? ", closed after each write" : "";
  test(`[case 522] what was written is read again, from several files${how}`, async () => {
    const platform = world();
    await writeAll(platform, { closesFileAfterWrite });
    assert.ok(fileNames(platform).length > 10);
    assert.deepEqual(await readAll(platform), numbers);
  });
}

test("[case 527] files that are closed after each write may be written on", async () => {
  const platform = world();
  const log = await open(platform, { closesFileAfterWrite: true, rollingIntervalMs: 60_000 });
  for (const i of [0, 1, 2]) await platform.run(log.write(bytes(String(i)), 1000 + i * 100));
  assert.deepEqual(fileNames(platform), ["log-1000-61000", "log-1100-61100", "log-1200-61200"]);
  assert.deepEqual(await readAll(platform), ["0", "1", "2"]);
  await platform.run(log.write(bytes("3"), 1200));
  assert.equal(fileNames(platform).length, 3);
  assert.deepEqual(await readAll(platform), ["0", "1", "2", "3"]);
});

test("nothing is made before the first write", async () => {
  const platform = world();
  const log = await open(platform);
  await platform.run(log.close());
  assert.equal(platform.files.statSync(directory), undefined);
  assert.throws(() => log.write(bytes("late"), 1), { code: "MR_WAL" });
});

const ends: [what: string, change: (whole: Uint8Array) => Uint8Array | undefined, expected: string[]][] = [
  ["with garbage at its end has all records", whole => Buffer.concat([whole, bytes("garbage")]), numbers],
  ["cut by a byte lacks the last record", whole => whole.subarray(0, -1), numbers.slice(0, -1)],
  ["that is gone has no records", () => undefined, []],
];
for (const [what, change, expected] of ends) {
  test(`[case 529] a file ${what}`, async () => {
    const platform = world();
    const path = `${directory}/log-1-1001`;
    const whole = Buffer.concat(numbers.map(record => encodeFrame(bytes(record))));
    const changed = change(whole);
    if (changed !== undefined) platform.files.put(path, changed);
    const records = readLogFile(platform.files, path);
    const read: string[] = [];
    const drain = async (): Promise<void> => {
      for await (const { record } of records) read.push(text(record));
    };
    await platform.run(drain());
    assert.deepEqual(read, expected);
    assert.equal((await records.next()).done, true);
  });
}

test("a record that was changed is an error, not an end", async () => {
  const platform = world();
  const whole = Buffer.concat(numbers.map(record => encodeFrame(bytes(record))));
  whole[200] = (whole[200] ?? 0) ^ 1;
  platform.files.put(`${directory}/log-1-1001`, whole);
  await assert.rejects(readAll(platform), { code: "MR_WAL" });
});

test("[case 530] records are read by their handles, in any order", async () => {
  const platform = world();
  const handles = await writeAll(platform, {});
  const log = await open(platform);
  for (const i of [99, 0, 42, 43, 7]) {
    const handle = handles[i] as LogHandle;
    assert.equal(text(await platform.run(log.read(handle))), numbers[i]);
  }
  const [first] = handles as [LogHandle];
  await assert.rejects(platform.run(log.read({ ...first, length: 5 })), { code: "MR_WAL" });
  await assert.rejects(platform.run(log.read({ ...first, path: "/log/none" })), { code: "MR_WAL" });
});

test("records larger than what is read at a time", async () => {
  const platform = world();
  const log = await open(platform);
  const large = ["x".repeat(3 << 20), "small", "y".repeat((1 << 20) - 12), "z"];
  for (const record of large) await platform.run(log.write(bytes(record), 1));
  assert.deepEqual(await readAll(platform), large);
});

test("[case 531] [case 533] what waits is written together, in the order of its times, and synced once", async () => {
  const platform = world();
  const log = await open(platform);
  const calls: string[] = [];
  platform.files.onCall = ({ operation, path }) => {
    if (operation === "write" || operation === "sync") calls.push(`${operation} ${path.slice(5)}`);
    return undefined;
  };
  const writes = async (): Promise<LogHandle[]> => {
    const first = log.write(bytes("A"), 3);
    await platform.timers.yieldTurn();
    const others = (
      [
        ["B", 5],
        ["C", 8],
        ["E", 12],
        ["D", 10],
      ] as const
    ).map(([record, timeMs]) => log.write(bytes(record), timeMs));
    return Promise.all([first, ...others]);
  };
  const handles = await platform.run(writes());
  const one = ["write log-3-1003", "sync log-3-1003"];
  assert.deepEqual(calls, [...one, ...Array(4).fill("write log-3-1003"), "sync log-3-1003"]);
  assert.deepEqual(await readAll(platform), ["A", "B", "C", "D", "E"]);
  const e = handles[3] as LogHandle;
  assert.equal(text(await platform.run(log.read(e))), "E");
});

test("files that are old are cleaned, those of earlier runs too, the one being written never", async () => {
  const platform = world();
  put(platform, `${directory}/log-10-1010`, ["old"]);
  put(platform, `${directory}/log-2000-3000`, ["less old"]);
  const log = await open(platform);
  await platform.run(log.write(bytes("new"), 5000));
  await platform.run(log.write(bytes("newer"), 7000));
  await platform.run(log.clean(3000));
  assert.deepEqual(fileNames(platform), ["log-2000-3000", "log-5000-6000", "log-7000-8000"]);
  await platform.run(log.clean(99_000));
  assert.deepEqual(fileNames(platform), ["log-7000-8000"]);
});

const failing: [attempts: number, failures: FileFault[], isWritten: boolean][] = [
  [1, [{ kind: "error", errno: "ENOSPC" }], false],
  [3, Array(2).fill({ kind: "error", errno: "EIO" }), true],
  [3, Array(3).fill({ kind: "error", errno: "EIO" }), false],
];
for (const operation of ["write", "sync"] as const) {
  for (const [maxFailures, failures, isWritten] of failing) {
    test(`${operation} fails ${failures.length} times of ${maxFailures}`, async () => {
      const platform = world();
      const log = await open(platform, { maxFailures });
      await platform.run(log.write(bytes("first"), 1));
      const left = [...failures];
      platform.files.onCall = call => (call.operation === operation ? left.shift() : undefined);
      const second = platform.run(log.write(bytes("second"), 2));
      if (isWritten) await second;
      else await assert.rejects(second, { code: "MR_WAL" });
      await platform.run(log.write(bytes("third"), 3));
      platform.crash("unsyncedLost");
      const expected = isWritten ? ["first", "second", "third"] : ["first", "third"];
      assert.deepEqual(await readAll(world(platform.disk)), expected);
    });
  }
}

for (const model of ["allSynced", "unsyncedLost", "lastWriteTorn"] as const) {
  test(`after a crash in any call every record that was written is there: ${model}`, async () => {
    for (let crashAt = 1; crashAt <= 30; crashAt++) {
      const disk = new SimulatedDisk(0);
      const platform = world(disk);
      const log = await open(platform);
      let calls = 0;
      platform.files.onCall = () =>
        ++calls === crashAt ? { kind: "crash", hasTakenEffect: true, model } : undefined;
      const written: string[] = [];
      const write = async (): Promise<void> => {
        for (let i = 0; i < 6; i++) {
          await log.write(bytes(String(i)), i * 400);
          written.push(String(i));
        }
      };
      await platform.run(write()).catch(() => {});
      platform.crash(model);
      // The next process goes on in the same files, torn as they may be.
      const next = world(disk);
      const log2 = await open(next);
      await next.run(log2.write(bytes("next"), 0));
      const read = await readAll(next);
      assert.equal(read.filter(record => record === "next").length, 1);
      const old = read.filter(record => record !== "next");
      assert.deepEqual(old.slice(0, written.length), written, `crash in call ${crashAt}`);
      assert.ok(old.length <= written.length + 1);
    }
  });
}
