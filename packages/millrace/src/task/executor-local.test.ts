import assert from "node:assert/strict";
import { test } from "node:test";
import { closeExecutorLocals, executorLocal } from "./executor-local.ts";

test("a value is made once, when it is first asked for, and again after its end", async () => {
  let made = 0;
  const closed: number[] = [];
  const counter = executorLocal(() => ++made, { close: value => closed.push(value) });
  assert.equal(made, 0);
  assert.deepEqual([counter(), counter()], [1, 1]);
  await closeExecutorLocals();
  assert.deepEqual([counter(), closed], [2, [1]]);
  await closeExecutorLocals();
});

test("what could not be made is tried again", async () => {
  let tries = 0;
  const flaky = executorLocal(async () => {
    tries += 1;
    if (tries === 1) throw new RangeError("not yet");
    return tries;
  });
  await assert.rejects(flaky(), /not yet/);
  assert.equal(await flaky(), 2);
  const broken = executorLocal((): number => {
    tries += 1;
    if (tries === 3) throw new RangeError("not yet");
    return tries;
  });
  assert.throws(broken, /not yet/);
  assert.equal(broken(), 4);
  await closeExecutorLocals();
});

test("variables do not share values", async () => {
  const [a, b] = [executorLocal(() => "a"), executorLocal(() => "b")];
  assert.deepEqual([a(), b(), a()], ["a", "b", "a"]);
  await closeExecutorLocals();
});

test("an end that fails does not keep the others from theirs", async () => {
  const closed: string[] = [];
  const bad = executorLocal(() => "bad", {
    close: () => {
      throw new RangeError("stuck");
    },
  });
  const good = executorLocal(() => Promise.resolve("good"), { close: value => closed.push(value) });
  await Promise.all([bad(), good()]);
  await closeExecutorLocals();
  assert.deepEqual(closed, ["good"]);
});
