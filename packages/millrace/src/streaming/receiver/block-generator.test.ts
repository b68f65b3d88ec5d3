import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import { BlockGenerator } from "./block-generator.ts";
import { RateLimiter } from "./rate-limiter.ts";

function generator(limiter = new RateLimiter()) {
  const clock = new ManualClock();
  const blocks: (readonly unknown[])[] = [];
  const made = new BlockGenerator({
    clock,
    blockIntervalMs: 100,
    blockQueueSize: 10,
    limiter,
    push: block => {
      blocks.push(block.kind === "values" ? block.values : [block.count]);
    },
    onError: assert.ifError,
  });
  return { clock, blocks, made };
}

test("a block per interval with data, none without", () => {
  const { clock, blocks, made } = generator();
  made.start();
  void made.addValue(1);
  void made.addValue(2);
  clock.advance(100);
  clock.advance(100);
  void made.addValue(3);
  clock.advance(100);
  assert.deepEqual(blocks, [[1, 2], [3]]);
});

test("stopping keeps what was stored and refuses more", () => {
  const { blocks, made } = generator();
  made.start();
  void made.addValue(1);
  void made.stop();
  void made.stop();
  assert.deepEqual(blocks, [[1]]);
  assert.throws(() => made.addValue(2), {
    code: "MR_RECEIVER",
    message: /Cannot add data as BlockGenerator/,
  });
  assert.throws(() => made.start(), {
    code: "MR_RECEIVER",
    message: /Cannot start BlockGenerator.*state = StoppedAddingData/,
  });
});

test("a rate limit holds although nobody waits for the promises", () => {
  const { clock, blocks, made } = generator(new RateLimiter(20));
  made.start();
  for (let i = 0; i < 6; i++) void made.addValue(i);
  clock.advance(60);
  clock.advance(40);
  assert.deepEqual(blocks, [[0, 1]]);
  clock.advance(60);
  clock.advance(40);
  assert.deepEqual(blocks, [
    [0, 1],
    [2, 3],
  ]);
  void made.stop();
  assert.deepEqual(blocks.flat(), [0, 1, 2, 3, 4, 5]);
});

test("records wait while paused, and whenReady tells the end of it", async () => {
  const { clock, blocks, made } = generator();
  made.start();
  assert.equal(made.whenReady(), undefined);
  made.setPaused(true);
  const stored = made.addValue(1);
  const ready = made.whenReady();
  clock.advance(100);
  assert.deepEqual(blocks, []);
  made.setPaused(false);
  await Promise.all([stored, ready]);
  clock.advance(100);
  assert.deepEqual(blocks, [[1]]);
});

test("[case 450] a stop takes nothing more and pushes all that was stored, in order, without waiting for a tick", async () => {
  const { clock, blocks, made } = generator();
  made.start();
  const records = Array.from({ length: 1000 }, (_, i) => i + 1);
  for (const record of records) void made.addValue(record);
  clock.advance(1);
  const stopped = made.stop();
  assert.equal(made.isActive, false);
  assert.equal(made.isStopped, false);
  assert.throws(() => made.addValue(0), { code: "MR_RECEIVER", name: "SparkException" });
  await stopped;
  assert.equal(made.isStopped, true);
  assert.deepEqual(blocks.flat(), records);
});

test("blocks that take time to store are stored one after the other, and a full queue makes records wait", async () => {
  const clock = new ManualClock();
  const stored: unknown[] = [];
  const storing: PromiseWithResolvers<void>[] = [];
  const errors: string[] = [];
  const made = new BlockGenerator({
    clock,
    blockIntervalMs: 100,
    blockQueueSize: 2,
    limiter: new RateLimiter(),
    push: (block, metadata) => {
      stored.push(block.kind === "values" ? [...block.values, ...metadata] : []);
      const one = Promise.withResolvers<void>();
      storing.push(one);
      return one.promise;
    },
    onError: message => errors.push(message),
  });
  made.start();
  void made.addValue(1, "one");
  clock.advance(100);
  void made.addValues([2, 3], "two");
  clock.advance(100);
  assert.deepEqual(stored, [[1, "one"]]);
  const ready = made.whenReady();
  assert.ok(ready !== undefined);
  storing[0]?.reject(new RangeError("disk full"));
  await ready;
  assert.deepEqual(errors, ["Error in block pushing"]);
  assert.deepEqual(stored, [
    [1, "one"],
    [2, 3, "two"],
  ]);
  void made.addValue(4);
  const stopped = made.stop();
  storing[1]?.resolve();
  await Promise.resolve();
  await new Promise(resolve => setImmediate(resolve));
  storing[2]?.resolve();
  await stopped;
  assert.deepEqual(stored.at(-1), [4]);
});
