import assert from "node:assert/strict";
import { test } from "node:test";
import type { SchedulingConfig, SchedulingMode } from "./pools.ts";
import { TaskQueue } from "./task-queue.ts";
import type { QueuedTask } from "./task-set.ts";

/** `j1.s2` of pool `p`, `@0` where it must run in slot 0. */
function task(text: string): QueuedTask & { readonly text: string } {
  const [, job, stage, pool = "default", home] = /^j(\d+)\.s(\d+)(?: (\w+))?(?:@(\d))?$/.exec(text) ?? [];
  return {
    text,
    job: Number(job),
    stage: Number(stage),
    pool,
    home: home === undefined ? undefined : Number(home),
  };
}

const pool = (name: string, mode: SchedulingMode, weight: number, minShare: number) => ({
  name,
  mode,
  weight,
  minShare,
});

const table: readonly (readonly [
  name: string,
  config: SchedulingConfig,
  pushed: readonly string[],
  /** For slots 0 and 1 in turn; tasks go on running. */
  taken: readonly string[],
])[] = [
  [
    "FIFO: the oldest job first, then the oldest stage, whatever the pool",
    { mode: "FIFO", pools: [] },
    ["j2.s3", "j1.s2 other", "j1.s1", "j1.s2"],
    ["j1.s1", "j1.s2 other", "j1.s2", "j2.s3"],
  ],
  [
    "tasks wait for the slot they must have",
    { mode: "FIFO", pools: [] },
    ["j1.s1@1", "j2.s2@0", "j3.s3"],
    ["j2.s2@0", "j1.s1@1", "j3.s3", ""],
  ],
  [
    "FAIR: pools in turn",
    { mode: "FAIR", pools: [] },
    ["j1.s1 a", "j1.s1 a", "j1.s1 a", "j2.s2 b", "j2.s2 b"],
    ["j1.s1 a", "j2.s2 b", "j1.s1 a", "j2.s2 b", "j1.s1 a"],
  ],
  [
    "FAIR: by weight",
    { mode: "FAIR", pools: [pool("heavy", "FIFO", 2, 0), pool("light", "FIFO", 1, 0)] },
    ["j1.s1 light", "j1.s1 light", "j2.s2 heavy", "j2.s2 heavy", "j2.s2 heavy", "j2.s2 heavy"],
    ["j2.s2 heavy", "j1.s1 light", "j2.s2 heavy", "j2.s2 heavy", "j1.s1 light", "j2.s2 heavy"],
  ],
  [
    "FAIR: the minimum share first",
    { mode: "FAIR", pools: [pool("a", "FIFO", 100, 0), pool("sure", "FIFO", 1, 2)] },
    ["j1.s1 a", "j1.s1 a", "j2.s2 sure", "j2.s2 sure", "j2.s2 sure"],
    ["j2.s2 sure", "j2.s2 sure", "j1.s1 a", "j1.s1 a", "j2.s2 sure"],
  ],
  [
    "a FAIR pool shares among its jobs, a FIFO one does not",
    { mode: "FAIR", pools: [pool("a", "FAIR", 1, 0)] },
    ["j1.s1 a", "j1.s1 a", "j2.s2 a", "j2.s2 a"],
    ["j1.s1 a", "j2.s2 a", "j1.s1 a", "j2.s2 a"],
  ],
];

for (const [name, config, pushed, taken] of table) {
  test(name, () => {
    const queue = new TaskQueue<ReturnType<typeof task>>(config);
    for (const text of pushed) queue.push(task(text));
    assert.deepEqual(
      taken.map((_, i) => queue.take(i % 2)?.text ?? ""),
      taken,
    );
  });
}

test("a slot that is left counts for its pool no more", () => {
  const queue = new TaskQueue<ReturnType<typeof task>>({ mode: "FAIR", pools: [] });
  for (const text of ["j1.s1 a", "j1.s1 a", "j2.s2 b"]) queue.push(task(text));
  const first = queue.take(0);
  assert.equal(first?.text, "j1.s1 a");
  if (first !== undefined) queue.ended(first);
  assert.equal(queue.take(0)?.text, "j1.s1 a");
  assert.equal(queue.take(1)?.text, "j2.s2 b");
});

test("what waits can be taken out", () => {
  const queue = new TaskQueue<ReturnType<typeof task>>({ mode: "FIFO", pools: [] });
  for (const text of ["j1.s1@1", "j1.s1", "j2.s2"]) queue.push(task(text));
  assert.deepEqual(
    queue.drain().map(({ text }) => text),
    ["j1.s1", "j1.s1@1", "j2.s2"],
  );
  assert.equal(queue.take(1), undefined);
});
