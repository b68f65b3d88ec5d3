import assert from "node:assert/strict";
import { test } from "node:test";
import { millraceError } from "../../common/errors/index.ts";
import { OperatorError } from "../../task/operator-error.ts";
import { taskFailure } from "../failure.ts";
import { fromWireFailure, toWireFailure } from "./wire-error.ts";

const sent = (error: unknown) => fromWireFailure(structuredClone(toWireFailure(error)));

test("an error keeps its name, message, stack and causes", () => {
  const error = new RangeError("outer", { cause: new TypeError("inner", { cause: "core" }) });
  const received = sent(error) as Error;
  assert.ok(received instanceof Error);
  assert.deepEqual([received.name, received.message, received.stack], ["RangeError", "outer", error.stack]);
  assert.deepEqual([(received.cause as Error).name, (received.cause as Error).cause], ["TypeError", "core"]);
});

test("a coded error keeps its code and hint", () => {
  const received = sent(millraceError("MR_IO", "no file", { hint: "look" }));
  assert.deepEqual({ ...(received as object) }, { code: "MR_IO", hint: "look" });
  assert.deepEqual(
    [taskFailure(received, 1).code, taskFailure(received, 1).hint, taskFailure(received, 1).message],
    ["MR_IO", "look", "no file"],
  );
});

test("codes of others are no codes of ours", () => {
  const received = sent(Object.assign(new Error("disk"), { code: "ENOSPC" }));
  assert.deepEqual({ ...(received as object) }, {});
});

test("the operation goes along", () => {
  const operation = { operator: "map", site: "a.ts:1" };
  const received = sent(new OperatorError(operation, new Error("x")));
  assert.ok(received instanceof OperatorError);
  assert.deepEqual(received.operation, operation);
  assert.equal(taskFailure(received, 3).message, "a task failed 3 times: Error: x [map at a.ts:1]");
});

test("values that are no errors go as they are, or as text", () => {
  for (const value of ["text", 7, undefined, null, { a: [1] }]) assert.deepEqual(sent(value), value);
  assert.match(String(sent(Symbol("s"))), /Symbol\(s\)/);
  assert.match(String(sent({ f: () => 1 })), /Function/);
});

test("endless causes are cut off", () => {
  const error = new Error("loop");
  error.cause = error;
  let depth = 0;
  for (let at: unknown = sent(error); at !== undefined; at = (at as Error).cause) depth += 1;
  assert.ok(depth < 20);
});

test("errors with odd fields do not stop the report", () => {
  const odd = Object.assign(new Error("x"), { name: 5, stack: { not: "text" } });
  assert.equal((sent(odd) as Error).message, "x");
});
