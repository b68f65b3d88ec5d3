import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type ErrorCode, MillraceError } from "../errors/index.ts";
import { createDeterministicPlatform } from "./deterministic/index.ts";
import type { FileSystem } from "./platform.ts";
import { systemPlatform } from "./system/index.ts";

const temporary = mkdtempSync(join(tmpdir(), "millrace-files-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

let directories = 0;
const worlds: [name: string, make: () => { files: FileSystem; root: string }][] = [
  ["system", () => ({ files: systemPlatform.files, root: join(temporary, String(directories++)) })],
  ["simulated", () => ({ files: createDeterministicPlatform({ seed: 1 }).files, root: "/data" })],
];

const coded =
  (code: ErrorCode, ...parts: string[]) =>
  (error: unknown): boolean =>
    error instanceof MillraceError &&
    error.code === code &&
    parts.every(part => error.message.includes(part));

async function put(files: FileSystem, path: string, ...chunks: string[]): Promise<void> {
  const writer = await files.create(path);
  for (const chunk of chunks) await writer.write(new TextEncoder().encode(chunk));
  await writer.sync();
  await writer.close();
}

async function contents(files: FileSystem, path: string): Promise<string> {
  const reader = files.open(path);
  const target = new Uint8Array(reader.sizeBytes);
  assert.equal(await reader.read(target, 0), target.length);
  reader.close();
  return new TextDecoder().decode(target);
}

for (const [name, make] of worlds) {
  test(`${name} files: written, listed and read`, async () => {
    const { files, root } = make();
    await put(files, `${root}/in/b.txt`, "hello ", "wörld");
    await put(files, `${root}/in/a.txt`);
    await files.mkdirs(`${root}/in/sub/deeper`);
    await files.mkdirs(`${root}/in/sub`);
    const listed = await files.list(`${root}/in`);
    assert.deepEqual(
      listed.map(({ path, isDirectory }) => [path, isDirectory]),
      [
        [`${root}/in/a.txt`, false],
        [`${root}/in/b.txt`, false],
        [`${root}/in/sub`, true],
      ],
    );
    assert.deepEqual(files.listSync(`${root}/in/`), listed);
    assert.deepEqual(
      listed.slice(0, 2).map(file => file.sizeBytes),
      [0, 12],
    );
    assert.equal(await contents(files, `${root}/in/b.txt`), "hello wörld");
    assert.deepEqual(await files.stat(`${root}/in/b.txt`), listed[1]);
    assert.deepEqual(files.statSync(`${root}/in/b.txt`), listed[1]);
    assert.ok(listed.every(({ modifiedMs }) => Number.isInteger(modifiedMs)));
  });

  test(`${name} files: read by position, to the end`, async () => {
    const { files, root } = make();
    await put(files, `${root}/f`, "0123456789");
    const reader = files.open(`${root}/f`);
    const target = new Uint8Array(4);
    assert.equal(await reader.read(target, 8), 2);
    assert.deepEqual([...target], [56, 57, 0, 0]);
    assert.equal(await reader.read(target, 10), 0);
    assert.equal(await reader.read(target, 99), 0);
    assert.equal(await reader.read(target, 3), 4);
    assert.equal(new TextDecoder().decode(target), "3456");
    reader.close();
    reader.close();
    assert.throws(() => reader.read(target, 0), coded("MR_IO", `${root}/f`));
  });

  test(`${name} files: create truncates, rename replaces, remove is idempotent`, async () => {
    const { files, root } = make();
    await put(files, `${root}/f`, "long text");
    await put(files, `${root}/f`, "new");
    await put(files, `${root}/g`, "old");
    await files.rename(`${root}/f`, `${root}/g`);
    assert.equal(await contents(files, `${root}/g`), "new");
    assert.equal(await files.stat(`${root}/f`), undefined);
    await put(files, `${root}/d/e/f`, "deep");
    await files.rename(`${root}/d`, `${root}/moved`);
    assert.equal(await contents(files, `${root}/moved/e/f`), "deep");
    assert.equal(files.statSync(`${root}/d`), undefined);
    await files.remove(`${root}/moved`);
    await files.remove(`${root}/moved`);
    assert.equal(await files.stat(`${root}/moved/e`), undefined);
  });

  test(`${name} files: append writes on, after cutting when told`, async () => {
    const { files, root } = make();
    const add = async (text: string, lengthBytes?: number): Promise<string> => {
      const writer = await files.append(`${root}/a/log`, lengthBytes);
      await writer.write(new TextEncoder().encode(text));
      await writer.sync();
      await writer.close();
      return contents(files, `${root}/a/log`);
    };
    assert.equal(await add("one"), "one");
    assert.equal(await add("two"), "onetwo");
    assert.equal(await add("3", 4), "onet3");
    await assert.rejects(files.append(`${root}/a/log`, 6), coded("MR_IO", `${root}/a/log`, "5 bytes"));
    await files.syncDirectory(`${root}/a`);
    await assert.rejects(files.syncDirectory(`${root}/absent`), coded("MR_PATH_NOT_FOUND", "absent"));
  });

  test(`${name} files: errors are coded and name the path`, async () => {
    const { files, root } = make();
    await put(files, `${root}/f`, "x");
    await put(files, `${root}/full/f`, "x");
    const absent = `${root}/absent`;
    assert.equal(await files.stat(`${root}/f/inner`), undefined);
    await assert.rejects(files.list(absent), coded("MR_PATH_NOT_FOUND", absent, "ENOENT"));
    assert.throws(() => files.listSync(absent), coded("MR_PATH_NOT_FOUND", absent));
    assert.throws(() => files.open(absent), coded("MR_PATH_NOT_FOUND", absent));
    await assert.rejects(files.rename(absent, `${root}/g`), coded("MR_PATH_NOT_FOUND", absent));
    await assert.rejects(files.rename(`${root}/f`, `${root}/no/g`), coded("MR_PATH_NOT_FOUND", `${root}/f`));
    await assert.rejects(files.rename(`${root}/f`, `${root}/full`), coded("MR_IO", `${root}/f`));
    assert.throws(() => files.open(root), coded("MR_IO", root, "directory"));
    await assert.rejects(files.list(`${root}/f`), coded("MR_IO", `${root}/f`));
    await assert.rejects(files.create(`${root}/f/g`), coded("MR_IO", `${root}/f/g`));
    await assert.rejects(files.create(root), coded("MR_IO", root));
    await assert.rejects(files.mkdirs(`${root}/f`), coded("MR_IO", `${root}/f`));
    const writer = await files.create(`${root}/g`);
    await writer.close();
    await assert.rejects(writer.write(new Uint8Array(1)), coded("MR_IO", `${root}/g`));
  });
}

test("system files: modification times are whole milliseconds, broken links are passed over", async () => {
  const root = join(temporary, "times");
  const { files } = systemPlatform;
  await put(files, `${root}/f`, "x");
  utimesSync(`${root}/f`, 1700000000.9996, 1700000000.9996);
  symlinkSync("nowhere", `${root}/broken`);
  assert.deepEqual(
    (await files.list(root)).map(({ path, modifiedMs }) => [path, modifiedMs]),
    [[`${root}/f`, 1700000000999]],
  );
});

test("system files: what may not be read is an error of its own", {
  skip: process.getuid?.() === 0 && "root may read everything",
}, async () => {
  const path = join(temporary, "secret");
  await put(systemPlatform.files, path, "x");
  chmodSync(path, 0);
  assert.throws(() => systemPlatform.files.open(path), coded("MR_IO", path, "EACCES"));
});

test("simulated files: times by the simulated clock, contents at hand", async () => {
  const platform = createDeterministicPlatform({
    seed: 1,
    startMs: 500,
    files: { "/in/a": "ä", b: new Uint8Array([1, 2]) },
  });
  const { files } = platform;
  assert.equal(files.statSync("/in/a")?.modifiedMs, 500);
  assert.deepEqual(files.statSync("/b"), { path: "/b", isDirectory: false, sizeBytes: 2, modifiedMs: 500 });
  await platform.advance(100);
  const writer = await files.create("/in/c");
  await writer.write(new TextEncoder().encode("one"));
  await platform.advance(50);
  await writer.write(new TextEncoder().encode(" two"));
  assert.deepEqual([files.statSync("/in/c")?.modifiedMs, files.statSync("/in")?.modifiedMs], [650, 600]);
  assert.deepEqual(
    [files.text("/in/c"), files.text("/in/a"), files.text("/in"), files.text("/no")],
    ["one two", "ä", undefined, undefined],
  );
  files.touch("/in/c", 42);
  await files.rename("/in/c", "/in/d");
  assert.equal(files.statSync("/in/d")?.modifiedMs, 42);
  files.put("/in/e", "later", 9);
  assert.equal(files.statSync("/in/e")?.modifiedMs, 9);
});
