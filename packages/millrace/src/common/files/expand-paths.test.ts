import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../platform/deterministic/index.ts";
import { expandPaths, isHidden, matchPaths } from "./expand-paths.ts";

const names = [
  "/data/a.txt",
  "/data/b.txt",
  "/data/c.log",
  "/data/.hidden",
  "/data/_SUCCESS",
  "/data/part-00000",
  "/data/2024-01/x.txt",
  "/data/2024-02/x.txt",
  "/data/2024-02/_temporary/y.txt",
  "/data/with [brackets]/z.txt",
  "/one.txt",
];
const { files } = createDeterministicPlatform({
  seed: 1,
  files: Object.fromEntries(names.map(name => [name, "x"])),
});

const inData = ["/data/a.txt", "/data/b.txt", "/data/c.log", "/data/part-00000"];

const table: readonly (readonly [path: string, found: readonly string[]])[] = [
  ["/one.txt", ["/one.txt"]],
  ["file:///one.txt", ["/one.txt"]],
  ["file:/one.txt", ["/one.txt"]],
  ["/data", inData],
  ["/data/", inData],
  ["/data/.hidden", ["/data/.hidden"]],
  ["/data/*.txt", ["/data/a.txt", "/data/b.txt"]],
  ["/data/?.txt", ["/data/a.txt", "/data/b.txt"]],
  ["/data/[a-b].txt", ["/data/a.txt", "/data/b.txt"]],
  ["/data/[^a].txt", ["/data/b.txt"]],
  ["/data/[!a].txt", ["/data/b.txt"]],
  ["/data/{a,c}.*", ["/data/a.txt", "/data/c.log"]],
  ["/data/2024-*", ["/data/2024-01/x.txt", "/data/2024-02/x.txt"]],
  ["/data/2024-*/x.txt", ["/data/2024-01/x.txt", "/data/2024-02/x.txt"]],
  ["/data/*/*.txt", ["/data/2024-01/x.txt", "/data/2024-02/x.txt", "/data/with [brackets]/z.txt"]],
  ["/data/with \\[brackets\\]", ["/data/with [brackets]/z.txt"]],
  ["/*/a.txt", ["/data/a.txt"]],
  ["/one.txt,/data/a.txt", ["/one.txt", "/data/a.txt"]],
  ["/data/{a,b}.txt, /one.txt", ["/data/a.txt", "/data/b.txt", "/one.txt"]],
  ["one.txt", ["one.txt"]],
  ["o*.txt", ["one.txt"]],
];

for (const [path, found] of table) {
  test(`finds ${path}`, () => {
    assert.deepEqual(
      expandPaths(files, path).map(status => status.path),
      found,
    );
  });
}

for (const path of ["", "/none", "/data/*.none", "/none/*.txt", "/one.txt/*", "/one.txt,/none"]) {
  test(`does not find ${JSON.stringify(path)}`, () => {
    assert.throws(() => expandPaths(files, path), { code: "MR_PATH_NOT_FOUND" });
  });
}

test("a range from high to low is no pattern", () => {
  assert.throws(() => expandPaths(files, "/data/[z-a].txt"), { code: "MR_BAD_ARGUMENT" });
});

test("an empty directory is no error, and holds no files", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  await platform.run(platform.files.mkdirs("/empty"));
  assert.deepEqual(expandPaths(platform.files, "/empty"), []);
});

test("a pattern may stand for a directory itself", () => {
  assert.deepEqual(
    matchPaths(files, "/da*").map(status => [status.path, status.isDirectory]),
    [["/data", true]],
  );
  assert.deepEqual(matchPaths(files, "/none"), []);
});

test("hidden are names that begin with a dot or an underscore, wherever they lie", () => {
  assert.deepEqual(["/a/.b", "/a/_b", ".b", "/.a/b", "/a/b_"].map(isHidden), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
