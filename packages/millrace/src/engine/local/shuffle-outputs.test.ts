import assert from "node:assert/strict";
import { test } from "node:test";
import { HashPartitioner, type ShuffleNode, shuffle } from "../../plan/index.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";
import { origin, values } from "../fixtures/test-engine.ts";
import { type MapOutputs, ShuffleOutputs } from "./shuffle-outputs.ts";

const node = (): ShuffleNode => shuffle(origin, values([], []), new HashPartitioner(2));
const block = (record: unknown): ShuffleBlock => ({ kind: "records", records: [record] });
const outputsOf = (name: string): MapOutputs => ({
  blocks: [
    [block(`${name}00`), block(`${name}01`)],
    [block(`${name}10`), block(`${name}11`)],
  ],
  heldKb: 0,
});

/** A map side that ends when told. */
function mapSide(name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<MapOutputs>();
  let calls = 0;
  const run = () => {
    calls += 1;
    return promise;
  };
  return { run, succeed: () => resolve(outputsOf(name)), fail: reject, calls: () => calls };
}

test("a reducer's blocks come in map order, once the map side has run", async () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  assert.equal(outputs.blocksOf(shuffled, 1), undefined);
  await outputs.ensure(shuffled, async () => outputsOf("a"));
  assert.deepEqual(outputs.blocksOf(shuffled, 1), [block("a01"), block("a11")]);
  assert.equal(outputs.blocksOf(node(), 1), undefined);
});

test("two jobs share one run", async () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  const [first, second] = [mapSide("first"), mapSide("second")];
  const both = Promise.all([outputs.ensure(shuffled, first.run), outputs.ensure(shuffled, second.run)]);
  first.succeed();
  await both;
  await outputs.ensure(shuffled, second.run);
  assert.deepEqual([first.calls(), second.calls()], [1, 0]);
});

test("a job that waited for one that failed runs the map side itself", async () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  const sides = [mapSide("first"), mapSide("second"), mapSide("third")];
  const [first, second, third] = sides.map(side => outputs.ensure(shuffled, side.run));
  sides[0]?.fail(new Error("first"));
  await assert.rejects(first as Promise<void>, /first/);
  sides[1]?.succeed();
  await Promise.all([second, third]);
  assert.deepEqual(
    sides.map(side => side.calls()),
    [1, 1, 0],
  );
  assert.deepEqual(outputs.blocksOf(shuffled, 0), [block("second00"), block("second10")]);
});

test("after a failure with nobody waiting the next job runs it again", async () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  await assert.rejects(async () => outputs.ensure(shuffled, () => Promise.reject(new Error("once"))), /once/);
  await outputs.ensure(shuffled, async () => outputsOf("b"));
  assert.deepEqual(outputs.blocksOf(shuffled, 0), [block("b00"), block("b10")]);
});

test("a map side that ends at once is not waited for", () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  assert.equal(
    outputs.ensure(shuffled, () => outputsOf("c")),
    undefined,
  );
  assert.deepEqual(outputs.blocksOf(shuffled, 0), [block("c00"), block("c10")]);
});

test("one that fails at once is a rejection, so that others beside it are not left alone", async () => {
  const outputs = new ShuffleOutputs(() => {});
  const shuffled = node();
  const failed = outputs.ensure(shuffled, () => {
    throw new Error("at once");
  });
  await assert.rejects(failed as Promise<void>, /at once/);
  await outputs.ensure(shuffled, () => outputsOf("d"));
  assert.deepEqual(outputs.blocksOf(shuffled, 0), [block("d00"), block("d10")]);
});
