import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { ReferenceCase } from "./reference-case.ts";
import { reportCases } from "./report.ts";
import { skipRules } from "./skips.ts";
import { findToldCases } from "./told-cases.ts";

/** In two pieces, so that this file tells no case itself. */
const mark = (ids: string) => `[${"case"} ${ids}]`;

test("tests tell cases by the ids in their titles", async () => {
  const { files } = createDeterministicPlatform({
    seed: 1,
    files: {
      "/src/a.test.ts": `test("one ${mark("1")}", f);\ntest("more ${mark("2, 3")}", f); // ${mark("1")}`,
      "/src/deep/b.cluster-test.ts": `const table = [["again ${mark("1")}"]];`,
      "/src/comment.test.ts": `// ${mark("4")}\n/** ${mark("5")} */\n * ${mark("6")}`,
      "/src/no-test.ts": `test("not here ${mark("7")}", f);`,
      "/src/node_modules/c.test.ts": `test("nor here ${mark("8")}", f);`,
      "/other/d.test.ts": `test("elsewhere ${mark("9")}", f);`,
    },
  });
  assert.deepEqual(
    await findToldCases(files, ["/src", "/other"]),
    new Map([
      ["1", ["/src/a.test.ts", "/src/deep/b.cluster-test.ts"]],
      ["2", ["/src/a.test.ts"]],
      ["3", ["/src/a.test.ts"]],
      ["9", ["/other/d.test.ts"]],
    ]),
  );
});

test("a case that another test tells is not skipped; a test that names no case fails", async () => {
  const scenario = { kind: "scenario", name: "n", op: "o" };
  const cases: ReferenceCase[] = [
    { ...scenario, id: 1 },
    { ...scenario, id: 2 },
    { id: 3, kind: "unit", name: "n", op: "Duration.plus", args: [1, 2], expected: 3 },
  ];
  const told = new Map([
    ["1", ["a.test.ts"]],
    ["3", ["a.test.ts"]],
    ["9", ["b.test.ts"]],
  ]);
  const { lines, isGood } = await reportCases(cases, { master: "local" }, skipRules, told);
  assert.deepEqual(lines, [
    "failed 9: there is no such case, but a test of b.test.ts names it",
    "told by tests of their own: 1: a.test.ts",
    "skipped 1: scenario: steps in words, no data to run",
    "1 passed, 1 failed, 1 skipped",
  ]);
  assert.ok(!isGood);
});
