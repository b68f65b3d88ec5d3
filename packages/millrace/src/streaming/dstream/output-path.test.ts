import assert from "node:assert/strict";
import { test } from "node:test";
import { outputPath } from "./output-path.ts";

const cases: [prefix: string, suffix: string, path: string][] = [
  ["out/words", "", "out/words-1000"],
  ["out/words", "txt", "out/words-1000.txt"],
  ["", "", "1000"],
  ["", "txt", "1000.txt"],
];

for (const [prefix, suffix, path] of cases) {
  test(path, () => assert.equal(outputPath(prefix, suffix, 1000), path));
}
