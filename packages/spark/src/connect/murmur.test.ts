import assert from "node:assert/strict";
import { test } from "node:test";
import { hashInt, preimages } from "./murmur.ts";

test("hashes are Spark's: hash(1) of its SQL", () => assert.equal(hashInt(1), -559_580_957));

test("pre-images seen to work on a cluster", () => {
  assert.deepEqual(preimages(4), [12, 6, 2, 0]);
  assert.deepEqual(preimages(5), [22, 0, 4, 1, 2]);
});

for (const count of [1, 2, 3, 7, 64, 200]) {
  test(`each of ${count} partitions gets its own`, () => {
    const partitions = preimages(count).map(value => ((hashInt(value) % count) + count) % count);
    assert.deepEqual(
      partitions,
      Array.from({ length: count }, (_, i) => i),
    );
  });
}
