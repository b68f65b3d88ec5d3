import assert from "node:assert/strict";
import { test } from "node:test";
import { millraceError } from "../../common/errors/index.ts";
import { isErrorNamed } from "./error-named.ts";

const wrapped = millraceError("MR_TASK_FAILED", "a task failed", { cause: new RangeError("too far") });
const travelled = Object.assign(new Error("elsewhere"), { name: "ArithmeticException" });

const cases: readonly [error: unknown, expected: string, isNamed: boolean][] = [
  [wrapped, "SparkException", true],
  [wrapped, "org.apache.spark.SparkException", true],
  [wrapped, "RangeError", true],
  [wrapped, "RangeError: too far", true],
  [wrapped, "RangeError: too near", false],
  [wrapped, "IllegalArgumentException", false],
  [wrapped, "Exception", true],
  [wrapped, "Throwable: too far", true],
  [millraceError("MR_CONF_BAD_NUMBER", "no number"), "NumberFormatException", true],
  [millraceError("MR_CONF_BAD_NUMBER", "no number"), "IllegalArgumentException", true],
  [travelled, "ArithmeticException", true],
  ["text", "SparkException", false],
  [undefined, "Exception", false],
];

for (const [error, expected, isNamed] of cases) {
  test(`${String(error)} is ${isNamed ? "" : "not "}${expected}`, () => {
    assert.equal(isErrorNamed(error, expected), isNamed);
  });
}
