import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { MillraceError, SparkContext } from "millrace";
import { clusterContext, clusterUrl } from "../fixtures/on-cluster.ts";

const sc = clusterContext();

test("what a function throws comes back with its stack, its operation and Spark's own account", async () => {
  const failing = sc.parallelize([1, 2]).map(x => {
    if (x === 2) throw new RangeError("mine");
    return x;
  });
  await assert.rejects(failing.collect(), error => {
    assert.ok(error instanceof MillraceError);
    const cause = error.cause as Error;
    assert.deepEqual([error.code, error.operator, cause.name], ["MR_TASK_FAILED", "map", "RangeError"]);
    assert.match(error.site ?? "", /faults\.cluster-test\.ts:\d+/);
    assert.match(cause.stack ?? "", /mine\n.*faults\.cluster-test\.ts/);
    assert.match((cause.cause as Error).message, /Traceback/);
    return true;
  });
  assert.equal(await sc.parallelize([1]).count(), 1);
});

test("functions that cannot leave the driver are refused, with the name of what they hold", async () => {
  const numbers = sc.parallelize([1]);
  assert.throws(
    () => numbers.map(x => [x, sc.master]),
    error => {
      assert.ok(error instanceof MillraceError);
      assert.deepEqual([error.code, error.operator], ["MR_CLOSURE_UNSHIPPABLE", "map"]);
      assert.match(error.message, /captures sc /);
      assert.match(error.site ?? "", /faults\.cluster-test\.ts:\d+/);
      assert.ok(error.hint);
      return true;
    },
  );
  assert.throws(() => numbers.map(((x: number) => x).bind(undefined)), { code: "MR_CLOSURE_NATIVE" });
  assert.equal(await numbers.count(), 1);
});

test("a job given up ends at once, and the session goes on", async () => {
  const abort = new AbortController();
  const endless = sc.range(0, 1e12, 1, 2);
  const run = sc.runJob(
    endless.plan,
    [0, 1],
    { kind: "count" },
    { operator: "count", site: undefined },
    abort.signal,
  );
  setTimeout(() => abort.abort(new Error("enough")), 500);
  await assert.rejects(run, { code: "MR_JOB_CANCELLED" });
  assert.equal(await sc.parallelize([1, 2]).count(), 2);
});

test("more inline data than the server can hold is refused before it is sent", async () => {
  const big = "x".repeat(1_000_000);
  const slice = sc.parallelize([big.repeat(6)], 1);
  await assert.rejects(slice.count(), error => {
    assert.ok(error instanceof MillraceError);
    assert.deepEqual([error.code, error.operator], ["MR_INLINE_TOO_LARGE", "count"]);
    assert.match(error.message, /a partition of 6\d{6} bytes .* more than 5000000/);
    assert.match(error.site ?? "", /faults\.cluster-test\.ts:\d+/);
    assert.match(error.hint ?? "", /more partitions/);
    return true;
  });
  const many = sc.parallelize(
    Array.from({ length: 60 }, () => big),
    60,
  );
  await assert.rejects(many.count(), { code: "MR_INLINE_TOO_LARGE" });
});

test("executors without Node are told of before anything runs", async () => {
  await using other = new SparkContext(`${clusterUrl}/;node=/no/such/node`, "without Node");
  await assert.rejects(other.parallelize([1]).count(), error => {
    assert.ok(error instanceof MillraceError);
    assert.equal(error.code, "MR_SPARK_EXECUTOR");
    assert.match(error.message, /\/no\/such\/node/);
    assert.match(error.hint ?? "", /node=PATH/);
    return true;
  });
});

test("records that are no data are refused", async () => {
  await assert.rejects(
    sc
      .parallelize([1])
      .map(() => () => 1)
      .collect(),
    { code: "MR_RECORD_UNSHIPPABLE" },
  );
});

test("kept partitions that die with their executor are computed again", async () => {
  const kept = sc
    .range(0, 10, 1, 4)
    .map(x => [x % 2, x])
    .cache();
  const expected = [
    [0, 20],
    [1, 25],
  ];
  const sums = async () => (await kept.reduceByKey((a, b) => a + b).collect()).sort();
  assert.deepEqual(await sums(), expected);
  const [pid] = await sc
    .parallelize([1])
    .map(() => process.ppid)
    .collect();
  process.kill(executorAbove(pid as number), "SIGKILL");
  assert.deepEqual(await sums(), expected);
});

/** The Java process that started the Python worker with this pid, or whose daemon did. */
function executorAbove(pid: number): number {
  for (let at = pid; at > 1; ) {
    const [parent = "0", ...command] = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(at)], {
      encoding: "utf8",
    })
      .trim()
      .split(/\s+/);
    if (command.some(part => part.includes("CoarseGrainedExecutorBackend"))) return at;
    at = Number(parent);
  }
  throw new TypeError(`no executor above ${pid}`);
}
