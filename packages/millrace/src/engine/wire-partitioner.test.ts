import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyFunction } from "../closure/index.ts";
import { HashPartitioner, Partitioner, PositionPartitioner, RangePartitioner } from "../plan/index.ts";
import { partitionerFromWire, partitionerToWire } from "./wire-partitioner.ts";

class ByLength extends Partitioner {
  override readonly numPartitions = 4;
  override getPartition(key: unknown): number {
    return String(key).length % 4;
  }
}

const few = new RangePartitioner(5, false);
few.settle([10]);

const cases = [
  new HashPartitioner(3),
  new PositionPartitioner(5),
  new RangePartitioner([1, 100], true),
  new RangePartitioner([100, 1], true, (a, b) => Number(b) - Number(a)),
  few,
  new ByLength(),
];
for (const partitioner of cases) {
  test(`${partitioner.constructor.name} sends keys where it did before`, () => {
    const functions: AnyFunction[] = [];
    const wire = partitionerToWire(partitioner, fn => functions.push(fn) - 1);
    const table = functions.map(fn => ({ fn, operator: "partitioner", site: undefined }));
    const revived = partitionerFromWire(structuredClone(wire), table);
    assert.equal(revived.numPartitions, partitioner.numPartitions);
    for (const key of [0, 1, 17, 12345]) {
      assert.equal(revived.getPartition(key), partitioner.getPartition(key));
    }
  });
}

test("a partitioner of a user's is one function, however often it travels", () => {
  const partitioner = new ByLength();
  const sent: AnyFunction[] = [];
  for (let i = 0; i < 2; i++) partitionerToWire(partitioner, fn => sent.push(fn) - 1);
  assert.equal(sent[0], sent[1]);
});
