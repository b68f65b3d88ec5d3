import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cartesian,
  coalesce,
  HashPartitioner,
  localCheckpoint,
  narrow,
  type PlanNode,
  StorageLevel,
  shuffle,
  union,
  zipPartitions,
} from "../plan/index.ts";
import type { TaskInput } from "../task/spec.ts";
import { buildInput, type DataLocations, type Missing } from "./build-input.ts";
import { origin, values } from "./fixtures/test-engine.ts";
import { FunctionTable } from "./function-table.ts";

const nowhere: DataLocations = { shuffled: () => undefined, isKept: () => false, fetched: () => undefined };
const identity = (x: unknown) => x;
const partitioner = new HashPartitioner(2);
const aggregator = {
  create: undefined,
  mergeValue: identity,
  mergeCombiners: identity,
  mapSideCombine: true,
};

function build(node: PlanNode, partition: number, locations: Partial<DataLocations> = {}) {
  const missing: Missing = {};
  const functions = new FunctionTable();
  const input = buildInput(node, partition, functions, { ...nowhere, ...locations }, missing);
  return { input, missing, functions: functions.functions };
}

/** The input as a short text. */
function sketch(input: TaskInput): string {
  switch (input.op) {
    case "read":
      return `read ${JSON.stringify((input.split as { values?: unknown } | undefined)?.values)}`;
    case "shuffled":
      return `shuffled ${input.blocks.length}${input.aggregation === undefined ? "" : " aggregated"}`;
    case "steps":
      return `${input.steps.map(step => step.kind).join("+")}@${input.partition}(${sketch(input.input)})`;
    case "aggregate":
      return `aggregate ${input.aggregation.isCombined}(${sketch(input.input)})`;
    case "sort":
      return `sort${input.ordering.descending ? " descending" : ""}(${sketch(input.input)})`;
    case "concat":
      return `concat(${input.inputs.map(sketch).join(", ")})`;
    case "zip":
      return `zip(${input.inputs.map(sketch).join(", ")})`;
    case "cartesian":
      return `cartesian(${sketch(input.left)}, ${sketch(input.right)})`;
    case "cached":
      return `cached ${input.partition}(${input.input === undefined ? "" : sketch(input.input)})`;
    case "stateView":
      return `${input.view.kind} of ${input.partition}`;
    case "recordedView":
      return `${input.view.kind} of (${sketch(input.input)})`;
    case "stateUpdate":
      return `state ${input.partition} from ${input.from.kind}(${input.updates.map(sketch).join(", ")})`;
  }
}

const three = () => values([1], [2], [3]);
const mapped = (parent: PlanNode, keepsKeys = false) => narrow(origin, "map", parent, identity, keepsKeys);
const byKey = (parent: PlanNode) => shuffle(origin, parent, partitioner, aggregator);
const persisted = (node: PlanNode) => {
  node.storageLevel = StorageLevel.MEMORY_ONLY;
  return node;
};

const table: readonly (readonly [name: string, node: PlanNode, partition: number, expected: string])[] = [
  ["a source", three(), 1, "read [2]"],
  [
    "narrow steps together",
    narrow(origin, "filter", mapped(three()), identity, true),
    2,
    "map+filter@2(read [3])",
  ],
  [
    "steps cut at what is persisted",
    mapped(persisted(mapped(three()))),
    0,
    "map@0(cached 0(map@0(read [1])))",
  ],
  ["a union", union(origin, [three(), values(), mapped(three())]), 4, "map@1(read [2])"],
  ["coalesced partitions", coalesce(origin, three(), 2), 1, "concat(read [2], read [3])"],
  ["coalescing to more", coalesce(origin, three(), 9), 2, "concat(read [3])"],
  ["zipped partitions", zipPartitions(origin, [three(), three()], identity), 1, "zip(read [2], read [2])"],
  ["a product", cartesian(origin, three(), values([4], [5])), 3, "cartesian(read [2], read [5])"],
  ["a shuffle", byKey(three()), 0, "shuffled 0 aggregated"],
  [
    "what is in place already",
    byKey(narrow(origin, "mapValues", byKey(three()), identity, true)),
    1,
    "aggregate false(mapValues@1(shuffled 0 aggregated))",
  ],
  [
    "an aligned union",
    union(origin, [byKey(three()), byKey(three())]),
    1,
    "concat(shuffled 0 aggregated, shuffled 0 aggregated)",
  ],
  [
    "a sorted shuffle",
    shuffle(origin, three(), partitioner, undefined, { descending: true, compare: undefined }),
    1,
    "sort descending(shuffled 0)",
  ],
  ["a local checkpoint", localCheckpoint(origin, mapped(three())), 1, "cached 1(map@1(read [2]))"],
];

for (const [name, node, partition, expected] of table) {
  test(`builds ${name}`, () => assert.equal(sketch(build(node, partition).input), expected));
}

test("shuffles that have not run are missing, each once; those behind them are not looked at", () => {
  const first = byKey(three());
  const second = shuffle(origin, mapped(first), new HashPartitioner(3));
  const joined = coalesce(origin, union(origin, [second, second]), 1);
  assert.deepEqual([...(build(joined, 0).missing.shuffles ?? [])], [second]);
  const { input, missing } = build(second, 0, { shuffled: () => [{ kind: "records", records: [] }] });
  assert.equal(sketch(input), "shuffled 1");
  assert.equal(missing.shuffles, undefined);
});

test("kept partitions need no lineage", () => {
  const node = mapped(persisted(mapped(three())));
  assert.equal(sketch(build(node, 2, { isKept: () => true }).input), "map@2(cached 2())");
});

test("a local checkpoint without lineage is fetched from where it is kept", () => {
  const node = localCheckpoint(origin, three());
  node.parent = undefined;
  assert.deepEqual(build(node, 1).missing.fetches, [{ node, partition: 1 }]);
  const { input, missing } = build(node, 1, { fetched: () => ({ values: ["there"] }) });
  assert.equal(sketch(input), 'cached 1(read ["there"])');
  assert.equal(missing.fetches, undefined);
});

test("a function is in the table once per operation", () => {
  const other = { operator: "other", site: undefined };
  const node = narrow(other, "map", mapped(mapped(three())), identity, false);
  assert.deepEqual(
    build(node, 0).functions.map(({ operator }) => operator),
    ["other", "test"],
  );
});

test("a partition that is not there is a defect", () => {
  assert.throws(() => build(union(origin, [three()]), 3), { code: "MR_INTERNAL" });
});
