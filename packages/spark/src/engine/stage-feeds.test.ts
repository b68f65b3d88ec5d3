import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanNode, ShuffleNode } from "millrace/engine";
import { StageFeeds } from "./stage-feeds.ts";

const shuffle = { id: 1, numPartitions: 2 } as ShuffleNode;
const kept = { id: 2, numPartitions: 2 } as PlanNode;

test("each reducer of a shuffle has a slot, whoever reads it", () => {
  const feeds = new StageFeeds();
  assert.equal(feeds.slotOf(shuffle, 0, 0), 0);
  assert.equal(feeds.slotOf(shuffle, 1, 0), 1);
  assert.equal(feeds.slotOf(shuffle, 0, 1), 0);
  assert.deepEqual(feeds.routesOf(shuffle, [70, 80]), [
    { reducer: 0, slot: 0, targets: [70, 80] },
    { reducer: 1, slot: 1, targets: [70] },
  ]);
});

const readings: readonly (readonly [
  string,
  readonly (readonly [partition: number, task: number])[],
  number,
  boolean,
])[] = [
  [
    "partition i by task i",
    [
      [0, 0],
      [1, 1],
    ],
    2,
    true,
  ],
  [
    "the other way round",
    [
      [0, 1],
      [1, 0],
    ],
    2,
    false,
  ],
  [
    "one partition by two tasks",
    [
      [0, 0],
      [0, 1],
    ],
    2,
    false,
  ],
  ["by fewer tasks", [[0, 0]], 1, false],
];
for (const [name, reads, tasks, expected] of readings) {
  test(`kept partitions are in place: ${name}: ${expected}`, () => {
    const feeds = new StageFeeds();
    for (const [partition, task] of reads) feeds.readKept(kept, partition, task);
    assert.equal(feeds.isInPlace(kept, tasks), expected);
  });
}

test("blocks of kept partitions go to all who read them", () => {
  const feeds = new StageFeeds();
  feeds.readKept(kept, 1, 0);
  feeds.readKept(kept, 1, 1);
  assert.deepEqual(feeds.targetsOf(kept, [70, 80]), [[], [70, 80]]);
});
