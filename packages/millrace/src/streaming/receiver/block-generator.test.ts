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
