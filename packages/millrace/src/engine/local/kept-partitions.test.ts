import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { localCheckpoint } from "../../plan/index.ts";
import { origin, values } from "../fixtures/test-engine.ts";
import { KeptPartitions } from "./kept-partitions.ts";

const unwatched = () => new KeptPartitions(() => assert.fail("nothing was let go"));

const change = (node: number, partition: number) => ({ node, partition, memoryBytes: 8, diskBytes: 0 });

test("knows the slot of each partition until it is forgotten", () => {
  const kept = unwatched();
  const node = values([], [], []);
  assert.equal(kept.homeOf(node, 0), undefined);
  assert.deepEqual(
    [kept.add(1, change(node.id, 0)), kept.add(0, change(node.id, 1)), kept.add(1, change(node.id, 2))],
    Array(3).fill(true),
  );
  assert.deepEqual([kept.homeOf(node, 0), kept.homeOf(node, 1), kept.homeOf(node, 2)], [1, 0, 1]);
  kept.forgetPartition(node.id, 0);
  assert.deepEqual([kept.homeOf(node, 0), kept.homeOf(node, 2)], [undefined, 1]);
  kept.forgetHome(1);
  assert.deepEqual([kept.homeOf(node, 1), kept.homeOf(node, 2)], [0, undefined]);
  kept.forget(node.id);
  assert.equal(kept.add(0, change(node.id, 0)), false);
  assert.equal(kept.homeOf(node, 1), undefined);
});

test("a local checkpoint loses its lineage when all its partitions are kept", () => {
  const kept = unwatched();
  const node = localCheckpoint(origin, values([], []));
  kept.homeOf(node, 0);
  kept.add(0, change(node.id, 0));
  assert.ok(node.parent);
  kept.add(1, change(node.id, 0));
  assert.ok(node.parent);
  kept.add(0, change(node.id, 1));
  assert.equal(node.parent, undefined);
});

test("tells when a node was let go, once", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const released: number[] = [];
  const kept = new KeptPartitions(id => released.push(id));
  const ids = (() => {
    const [lost, forgotten] = [values([]), values([])];
    for (const node of [lost, forgotten]) {
      kept.homeOf(node, 0);
      kept.add(0, change(node.id, 0));
    }
    kept.forget(forgotten.id);
    kept.homeOf(lost, 0);
    return [lost.id];
  })();
  // Finalizers run in a turn of their own after a collection.
  for (let turns = 0; turns < 200 && released.length === 0; turns++) {
    collectGarbage();
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.deepEqual(released, ids);
});
