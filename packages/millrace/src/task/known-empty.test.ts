import assert from "node:assert/strict";
import { test } from "node:test";
import { HashPartitioner } from "../plan/index.ts";
import { cogroupPartitions } from "./builtins/partitions.ts";
import { resultOfNothing } from "./known-empty.ts";
import type { TaskFunction, TaskInput, TaskSink } from "./spec.ts";

const functions: readonly TaskFunction[] = [
  { fn: (x: unknown) => x, operator: "map", site: undefined },
  { fn: cogroupPartitions, operator: "cogroup", site: undefined },
];
const reader = { name: "values" } as const;
const operation = { operator: "parallelize", site: undefined };
const none: TaskInput = { op: "read", reader, split: { values: [] }, operation };
const one: TaskInput = { op: "read", reader, split: { values: [1] }, operation };
const file: TaskInput = { op: "read", reader: { name: "text-file" }, split: { path: "empty" }, operation };
const emptyBlock = { kind: "records", records: [] } as const;
const block = { kind: "records", records: [1] } as const;
const collect: TaskSink = { kind: "collect" };

const steps = (kind: "map" | "mapPartitions", input: TaskInput): TaskInput => ({
  op: "steps",
  partition: 0,
  steps: [{ kind, fn: 0 }],
  input,
});
const shuffled = (...blocks: (typeof emptyBlock | typeof block)[]): TaskInput => ({
  op: "shuffled",
  blocks,
  aggregation: undefined,
});

const inputs: readonly (readonly [name: string, input: TaskInput, isEmpty: boolean])[] = [
  ["an empty slice", none, true],
  ["a slice with a record", one, false],
  ["a file, whatever is in it", file, false],
  ["steps over nothing", steps("map", none), true],
  ["a partition function over nothing", steps("mapPartitions", none), false],
  ["a shuffle nobody wrote to", shuffled(emptyBlock, emptyBlock), true],
  ["a shuffle with one record", shuffled(emptyBlock, block), false],
  ["a union of nothing", { op: "concat", inputs: [none, shuffled()] }, true],
  ["a union with something", { op: "concat", inputs: [none, one] }, false],
  ["a cogroup of nothing", { op: "zip", fn: 1, inputs: [none, none] }, true],
  ["zipped partitions, whose function is called", { op: "zip", fn: 0, inputs: [none, none] }, false],
  [
    "what is to be kept",
    {
      op: "cached",
      node: 1,
      partition: 0,
      as: { useDisk: false, useMemory: true, useOffHeap: false, deserialized: true, isOnlyCopy: false },
      input: none,
    },
    false,
  ],
];

for (const [name, input, isEmpty] of inputs) {
  test(`${name}: ${isEmpty ? "no task" : "a task"}`, () =>
    assert.equal(resultOfNothing(input, collect, functions) !== undefined, isEmpty));
}

const sinks: readonly (readonly [TaskSink, unknown])[] = [
  [collect, []],
  [{ kind: "take", limit: 3 }, []],
  [{ kind: "count" }, 0],
  [{ kind: "foreach", fn: 0 }, undefined],
  [
    { kind: "reduce", fn: 0, zero: undefined },
    { has: false, value: undefined },
  ],
  [
    { kind: "shuffle", operation, partitioner: new HashPartitioner(2), aggregation: undefined },
    [
      { kind: "columns", keys: [], values: [] },
      { kind: "columns", keys: [], values: [] },
    ],
  ],
];

for (const [sink, result] of sinks) {
  test(`${sink.kind} of nothing`, () => assert.deepEqual(resultOfNothing(none, sink, functions), { result }));
}

test("functions that are called even for nothing need a task", () => {
  const partition: TaskSink = { kind: "partition", fn: 0, argument: undefined };
  assert.equal(resultOfNothing(none, partition, functions), undefined);
  assert.equal(resultOfNothing(none, { kind: "reduce", fn: 0, zero: 0 }, functions), undefined);
});
