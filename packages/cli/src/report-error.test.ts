import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { SparkException } from "millrace";
import { describeError } from "./report-error.ts";

describe("describeError", () => {
  it("shows code, message, hint, and the user's own stack", () => {
    const cause = new RangeError("boom");
    const text = describeError(
      new SparkException("MR_TASK_FAILED", "a task failed", { hint: "look", cause }),
    );
    const plain = stripVTControlCharacters(text);
    const [first, second, third, fourth] = plain.split("\n");
    assert.deepEqual(
      [first, second, third],
      ["MR_TASK_FAILED: a task failed", "hint: look", "caused by: RangeError: boom"],
    );
    assert.match(fourth ?? "", /report-error\.test\.ts/);
  });
});
