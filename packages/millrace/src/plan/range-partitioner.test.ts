import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidate, determineBounds, RangePartitioner } from "./range-partitioner.ts";

test("bounds cut a weighted sample into ranges of about the same weight [case 774]", () => {
  const sample: Candidate[] = [
    [0.7, 2],
    [0.1, 1],
    [0.4, 1],
    [0.3, 1],
    [0.2, 1],
    [0.5, 1],
    [1.0, 3],
  ];
  assert.deepEqual(determineBounds(sample, 3), [0.4, 0.7]);
});

test("nothing to cut needs no bounds [case 775]", () => assert.deepEqual(determineBounds([], 10), []));

test("equal keys are never cut apart", () => {
  const sample = Array.from({ length: 10 }, (): Candidate => ["same", 1]);
  assert.deepEqual(determineBounds(sample, 4), ["same"]);
});

const table: readonly (readonly [name: string, partitioner: RangePartitioner, key: unknown, number])[] = [
  ["before the first bound", new RangePartitioner([10, 20]), -5, 0],
  ["on a bound", new RangePartitioner([10, 20]), 10, 0],
  ["between", new RangePartitioner([10, 20]), 10.5, 1],
  ["after the last", new RangePartitioner([10, 20]), Number.POSITIVE_INFINITY, 2],
  ["NaN comes last", new RangePartitioner([10, 20]), Number.NaN, 2],
  ["another type than the bounds", new RangePartitioner([10, 20]), "a", 2],
  ["descending", new RangePartitioner([10, 20], false), 25, 0],
  ["descending, on a bound", new RangePartitioner([10, 20], false), 20, 1],
  ["texts", new RangePartitioner(["m"]), "z", 1],
  ["an order of one's own", new RangePartitioner([3, 2], true, (a, b) => Number(b) - Number(a)), 1, 2],
  ["no bounds", new RangePartitioner([]), 1, 0],
];
for (const [name, partitioner, key, expected] of table) {
  test(name, () => assert.equal(partitioner.getPartition(key), expected));
}

test("equal bounds and directions are equal", () => {
  const bounds = [[1, "a"], [2]];
  assert.ok(new RangePartitioner(bounds).equals(new RangePartitioner(structuredClone(bounds))));
  assert.ok(!new RangePartitioner([1]).equals(new RangePartitioner([2])));
  assert.ok(!new RangePartitioner([1]).equals(new RangePartitioner([1], false)));
  const unknown = new RangePartitioner(3);
  assert.ok(unknown.equals(unknown) && !unknown.equals(new RangePartitioner(3)));
  assert.throws(() => unknown.getPartition(1), { code: "MR_INTERNAL" });
});

test("bounds may be found for fewer partitions than there are", () => {
  const partitioner = new RangePartitioner(5, false);
  partitioner.settle([1]);
  assert.deepEqual(
    [partitioner.numPartitions, partitioner.getPartition(0), partitioner.getPartition(2)],
    [5, 1, 0],
  );
  assert.deepEqual(partitioner.partitionsBetween(0, 5), [0, 1]);
});
