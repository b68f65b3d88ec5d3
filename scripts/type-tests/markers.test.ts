import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareErrors, expectedErrors, parseDiagnostics } from "./markers.ts";

describe("markers of type tests", () => {
  it("reads a marker on the line and one on the line before", () => {
    const source = ["const a: string = 1; // error: not assignable", "// error: no such", "a.nothing;"].join(
      "\n",
    );
    assert.deepEqual(expectedErrors(source), [
      { line: 1, fragment: "not assignable" },
      { line: 3, fragment: "no such" },
    ]);
  });

  it("reads diagnostics with their continuation lines", () => {
    const output =
      "a/b.ts(3,5): error TS2322: Type 'A'.\n  Because.\nb.ts(1,1): error TS1: X\nFound 2 errors.\n";
    assert.deepEqual(parseDiagnostics(output), [
      { file: "a/b.ts", line: 3, message: "TS2322: Type 'A'.\n  Because." },
      { file: "b.ts", line: 1, message: "TS1: X" },
    ]);
  });

  const diagnostic = { file: "a.ts", line: 1, message: "TS2322: not assignable" };
  for (const { name, expected, actual, problems } of [
    {
      name: "a match",
      expected: [{ line: 1, fragment: "not assignable" }],
      actual: [diagnostic],
      problems: 0,
    },
    { name: "another text", expected: [{ line: 1, fragment: "else" }], actual: [diagnostic], problems: 1 },
    {
      name: "a match among others",
      expected: [{ line: 1, fragment: "not assignable" }],
      actual: [{ ...diagnostic, message: "TS7006: any" }, diagnostic],
      problems: 0,
    },
    { name: "no error at all", expected: [{ line: 1, fragment: "not" }], actual: [], problems: 1 },
    { name: "an unexpected error", expected: [], actual: [diagnostic], problems: 1 },
  ]) {
    it(`compares: ${name}`, () => assert.equal(compareErrors(expected, actual).length, problems));
  }
});
