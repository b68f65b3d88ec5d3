import assert from "node:assert/strict";
import { test } from "node:test";
import { HashPartitioner, type PlanNode, shuffle, source, union, zipPartitions } from "../../plan/index.ts";
import { PlannedStages } from "./planned-stages.ts";

const origin = (operator: string) => ({ operator, site: undefined });
const numbers = (count: number) =>
  source(
    origin("parallelize"),
    { name: "values" },
    Array.from({ length: count }, () => ({ values: [] })),
  );
const by = (operator: string, parent: PlanNode, count: number) =>
  shuffle(origin(operator), parent, new HashPartitioner(count));

function planned(node: PlanNode, hasRun: (operator: string) => boolean = () => false) {
  const stages = new PlannedStages();
  let next = 0;
  const job = { id: 7, node, partitions: [0], origin: origin("count") };
  const found = stages.plan(
    job,
    shuffled => hasRun(shuffled.operator),
    () => next++,
  );
  return {
    stages,
    rows: found.map(({ stageId, name, numTasks, parentIds }) => [stageId, name, numTasks, parentIds]),
  };
}

test("one stage without shuffles", () => {
  assert.deepEqual(planned(numbers(3)).rows, [[0, "count", 1, []]]);
});

test("a stage for each shuffle, before those that read it", () => {
  const second = by("second", by("first", numbers(3), 2), 4);
  assert.deepEqual(planned(second).rows, [
    [0, "first", 3, []],
    [1, "second", 2, [0]],
    [2, "count", 1, [1]],
  ]);
});

test("a shuffle that two inputs read is one stage", () => {
  const shared = by("shared", numbers(3), 2);
  const both = union(origin("union"), [by("left", shared, 4), by("right", shared, 5)]);
  assert.deepEqual(planned(both).rows, [
    [0, "shared", 3, []],
    [1, "left", 2, [0]],
    [2, "right", 2, [0]],
    [3, "count", 1, [1, 2]],
  ]);
});

test("what is partitioned already, and shuffles that have run, need no stage", () => {
  const once = by("once", numbers(3), 2);
  const again = zipPartitions(origin("cogroup"), [by("again", once, 2)], () => []);
  assert.deepEqual(planned(again).rows, [
    [0, "once", 3, []],
    [1, "count", 1, [0]],
  ]);
  assert.deepEqual(planned(by("after", once, 3), operator => operator === "once").rows, [
    [0, "after", 2, []],
    [1, "count", 1, [0]],
  ]);
});

test("an id is used once", () => {
  const first = by("first", numbers(3), 2);
  const { stages } = planned(first);
  assert.deepEqual(
    [stages.take(7, first), stages.take(7, first), stages.take(7, "result")],
    [0, undefined, 1],
  );
  const other = planned(first).stages;
  other.forget(7);
  assert.equal(other.take(7, "result"), undefined);
});
