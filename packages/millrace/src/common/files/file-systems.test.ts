import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryFileSystem } from "../platform/deterministic/index.ts";
import { systemPlatform } from "../platform/system/index.ts";
import { expandPaths } from "./expand-paths.ts";
import { loadFileSystems, platformWith, schemeOf } from "./file-systems.ts";

/** One that other threads find. */
export const found = {
  ...createMemoryFileSystem(),
  loadedFrom: { module: import.meta.url, export: "found" },
};

const schemes: readonly (readonly [path: string, scheme: string | undefined])[] = [
  ["/a/b", undefined],
  ["a/b:c/d", undefined],
  ["file:/a", undefined],
  ["FILE:///a", undefined],
  ["c:/a", undefined],
  ["c:\\a", undefined],
  ["memory:/a", "memory"],
  ["s3a://bucket/a", "s3a"],
  ["HDFS://host:8020/a", "hdfs"],
  ["git+ssh://x/y", "git+ssh"],
  ["nothing:here", undefined],
];
for (const [path, scheme] of schemes) {
  test(`the scheme of ${path}`, () => assert.equal(schemeOf(path), scheme));
}

for (const scheme of ["file", "m", "Memory", "a:", "", "1a"]) {
  test(`${JSON.stringify(scheme)} is no scheme to be taken`, () => {
    assert.throws(() => platformWith(systemPlatform, { [scheme]: createMemoryFileSystem() }), {
      code: "MR_BAD_ARGUMENT",
    });
  });
}

test("paths go to the file system of their scheme", async () => {
  const one = createMemoryFileSystem({ "/in/a.txt": "in one" });
  const other = createMemoryFileSystem({ "/in/b.txt": "in the other" });
  const { files } = platformWith(systemPlatform, { one, other });
  assert.equal(files.statSync("one:///in/a.txt")?.sizeBytes, 6);
  assert.equal(files.statSync("other:///in/a.txt"), undefined);
  assert.equal((await files.stat(import.meta.filename))?.isDirectory, false);
  assert.equal((await files.stat(import.meta.url))?.isDirectory, false);
  await files.rename("one:///in/a.txt", "one:///in/c.txt");
  assert.equal(one.text("/in/c.txt"), "in one");
  await assert.rejects(files.rename("one:///in/c.txt", "other:///in/c.txt"), {
    code: "MR_IO",
    message: /different/,
  });
});

test("a scheme that nobody knows", async () => {
  const { files } = platformWith(systemPlatform, {});
  assert.throws(() => files.statSync("s3a://bucket/a"), {
    code: "MR_FILE_SYSTEM_MISSING",
    message: /s3a:\/\/bucket/,
  });
  await assert.rejects(files.create("s3a://bucket/a"), { code: "MR_FILE_SYSTEM_MISSING" });
});

const memory = createMemoryFileSystem({
  "/2026/a.txt": "",
  "/2026/b.txt": "",
  "/2026/_x": "",
  "/2025/c.txt": "",
});
const globs: readonly (readonly [path: string, found: readonly string[]])[] = [
  ["memory:///2026", ["memory:///2026/a.txt", "memory:///2026/b.txt"]],
  ["memory:/2026/a.txt", ["memory:/2026/a.txt"]],
  ["memory:///202?/*.txt", ["memory:///2025/c.txt", "memory:///2026/a.txt", "memory:///2026/b.txt"]],
  ["memory://host/{2025,2026}/[bc].txt", ["memory://host/2025/c.txt", "memory://host/2026/b.txt"]],
  ["memory:/*/c.txt", ["memory:/2025/c.txt"]],
  ["memory:///2025, memory:///2026/a*", ["memory:///2025/c.txt", "memory:///2026/a.txt"]],
];
for (const [path, expected] of globs) {
  test(`finds ${path}`, () => {
    const { files } = platformWith(systemPlatform, { memory });
    assert.deepEqual(
      expandPaths(files, path).map(status => status.path),
      expected,
    );
  });
}

test("threads can have the platform when they can have all of its file systems", async () => {
  assert.deepEqual(platformWith(systemPlatform, {}).threadFiles, {});
  assert.deepEqual(platformWith(systemPlatform, { found }).threadFiles, { found: found.loadedFrom });
  assert.equal(platformWith(systemPlatform, { found, memory }).threadFiles, undefined);
  assert.deepEqual(Object.keys(await loadFileSystems({ found: found.loadedFrom })), ["found"]);
  const missing = { ...found.loadedFrom, export: "missing" };
  await assert.rejects(loadFileSystems({ missing }), {
    code: "MR_BAD_ARGUMENT",
    message: /no file system missing/,
  });
});
