import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../../common/errors/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { inputsOf, readCases } from "./reference-case.ts";

const one = { id: 1, kind: "unit", name: "n", op: "o" };

function filesWith(text: string) {
  return createDeterministicPlatform({ seed: 1, files: { "/cases.json": text } }).files;
}

test("a file is a list of cases, or holds one", async () => {
  assert.deepEqual(await readCases(filesWith(JSON.stringify([one])), "/cases.json"), [one]);
  assert.deepEqual(await readCases(filesWith(JSON.stringify({ cases: [one] })), "/cases.json"), [one]);
});

const broken: readonly [text: string, message: RegExp][] = [
  ["{", /holds no cases: .*JSON/],
  ["null", /it is no list/],
  ["{}", /it is no list/],
  [JSON.stringify([one, { ...one, op: 3 }]), /entry 1 needs/],
  ["[null]", /entry 0 needs/],
];

for (const [text, message] of broken) {
  test(`${text} is refused`, async () => {
    await assert.rejects(readCases(filesWith(text), "/cases.json"), error => {
      assert.ok(error instanceof MillraceError && error.code === "MR_BAD_ARGUMENT");
      assert.match(error.message, message);
      return true;
    });
  });
}

test("a missing file is said to be missing", async () => {
  await assert.rejects(
    readCases(filesWith("[]"), "/other.json"),
    (error: unknown) => error instanceof MillraceError && error.code === "MR_PATH_NOT_FOUND",
  );
});

test("inputs come in the order of their numbers", () => {
  const three = { ...one, inputs3: [[3]], inputs2: [null, [2]], inputs: [[1]] };
  assert.deepEqual(inputsOf(three), [[[1]], [null, [2]], [[3]]]);
  assert.deepEqual(inputsOf(one), []);
});
