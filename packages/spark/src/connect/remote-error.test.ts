import assert from "node:assert/strict";
import { test } from "node:test";
import { serialize } from "node:v8";
import { Code, ConnectError } from "@connectrpc/connect";
import { MillraceError } from "millrace";
import { toWireFailure } from "millrace/engine";
import { FAILURE_END, FAILURE_MARK } from "../engine/stage-program.ts";
import { KeptRelationLost, pythonVersionIn, sparkFailure } from "./remote-error.ts";

const codes: readonly (readonly [name: string, error: unknown, code: string])[] = [
  ["nobody listens", new ConnectError("connect ECONNREFUSED", Code.Unavailable), "MR_SPARK_UNREACHABLE"],
  ["the link broke", new ConnectError("http/2 stream closed", Code.Canceled), "MR_SPARK_UNREACHABLE"],
  ["no answer", new ConnectError("late", Code.DeadlineExceeded), "MR_SPARK_TIMEOUT"],
  [
    "a server that was restarted",
    new ConnectError("[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid", Code.Internal),
    "MR_SPARK_SESSION_LOST",
  ],
  [
    "no pyarrow on the executors",
    new ConnectError("Traceback\nModuleNotFoundError: No module named 'pyarrow'", Code.Internal),
    "MR_SPARK_EXECUTOR",
  ],
  [
    "no Node on the executors",
    new ConnectError("FileNotFoundError: [Errno 2] No such file or directory: 'node'", Code.Internal),
    "MR_SPARK_EXECUTOR",
  ],
  [
    "too large",
    new ConnectError("stream closed with NGHTTP2_ENHANCE_YOUR_CALM", Code.Internal),
    "MR_INLINE_TOO_LARGE",
  ],
  ["anything else", new ConnectError("[SOMETHING] of Spark's\nmore", Code.Internal), "MR_SPARK_FAILED"],
];

for (const [name, error, code] of codes) {
  test(name, () => {
    const failure = sparkFailure(error, "http://h:1") as MillraceError;
    assert.equal(failure.code, code);
    assert.ok(failure.cause instanceof Error);
  });
}

test("lost checkpoints are told apart: they can be computed again", () => {
  const error = new ConnectError(
    "[CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND] Checkpoint block rdd_1_0 not found!",
    Code.Internal,
  );
  assert.ok(sparkFailure(error, "http://h:1") instanceof KeptRelationLost);
});

test("what a function threw is found in the server's account, with its operation", () => {
  const thrown = toWireFailure(new RangeError("mine"));
  const data = serialize({ ...thrown, operation: { operator: "map", site: "a.ts:3" } }).toString("base64");
  const text = `Task 0 failed 4 times, most recent failure: RuntimeError: ${FAILURE_MARK}${data}${FAILURE_END}\nRangeError: mine`;
  const failure = sparkFailure(new ConnectError("cut off", Code.Internal), "http://h:1", text);
  assert.ok(failure instanceof MillraceError);
  assert.equal(failure.message, "a task failed 4 times: RangeError: mine [map at a.ts:3]");
  const cause = failure.cause as Error;
  assert.equal(cause.name, "RangeError");
  assert.ok(!(cause.cause as Error).message.includes(FAILURE_MARK));
});

test("the worker's Python is read from its complaint", () => {
  const text = "Python in worker has different version: 3.12 than that in driver: 3.11, PySpark cannot run";
  assert.equal(pythonVersionIn(new ConnectError(text, Code.Internal)), "3.12");
  assert.equal(pythonVersionIn(new Error("no")), undefined);
});
