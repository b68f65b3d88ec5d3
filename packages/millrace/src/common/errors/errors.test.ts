import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type ErrorCode,
  errorTable,
  IllegalArgumentException,
  IllegalStateException,
  MillraceError,
  millraceError,
  NoSuchElementException,
  NumberFormatException,
  SparkException,
  UnsupportedOperationException,
} from "./index.ts";

const classes = {
  SparkException,
  IllegalArgumentException,
  IllegalStateException,
  UnsupportedOperationException,
  NumberFormatException,
  NoSuchElementException,
};

const codes = Object.keys(errorTable) as ErrorCode[];

for (const code of codes) {
  test(`${code} is an error of the class its row names`, () => {
    const { kind, hint } = errorTable[code];
    const error = millraceError(code, "it happened");
    assert.ok(error instanceof classes[kind] && error instanceof MillraceError && error instanceof Error);
    assert.equal(error.constructor.name, kind);
    assert.deepEqual([error.code, error.name, error.message, error.hint], [code, kind, "it happened", hint]);
    assert.match(code, /^MR_[A-Z]+(_[A-Z]+)*$/);
    assert.match(hint, /^[A-Z].+\.$/);
  });
}

test("the table names every code once", () => {
  const source = readFileSync(new URL("./codes.ts", import.meta.url), "utf8");
  const rows = [...source.matchAll(/^ {2}(MR_\w+):/gm)].map(([, code]) => code);
  assert.deepEqual(rows, [...new Set(rows)]);
  assert.deepEqual(rows, codes);
});

test("an error says where, what to do and why", () => {
  const cause = new RangeError("inner");
  const error = millraceError("MR_TASK_FAILED", "it failed", {
    cause,
    hint: "Do.",
    operator: "map",
    site: "a.ts:3",
  });
  assert.equal(error.message, "it failed [map at a.ts:3]");
  assert.deepEqual([error.cause, error.hint, error.operator, error.site], [cause, "Do.", "map", "a.ts:3"]);
  assert.equal(millraceError("MR_IO", "m", { site: "a.ts:3" }).message, "m [a.ts:3]");
  assert.ok(!("cause" in millraceError("MR_IO", "m")));
});

test("a NumberFormatException is an IllegalArgumentException, as in Java", () => {
  assert.ok(millraceError("MR_CONF_BAD_NUMBER", "m") instanceof IllegalArgumentException);
});

test("the stack begins with class and message", () => {
  assert.match(millraceError("MR_IO", "no disk").stack ?? "", /SparkException: no disk/);
});
