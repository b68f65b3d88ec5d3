import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimiter } from "./rate-limiter.ts";

const limits: [maxRate: number | undefined, update: number, expected: number][] = [
  [undefined, 105, 105],
  [100, 105, 100],
  [100, 50, 50],
  [100, 0, 100],
  [100, -5, 100],
  [0, 7, 7],
];

for (const [maxRate, update, expected] of limits) {
  test(`at most ${maxRate}, updated to ${update}: ${expected}`, () => {
    const limiter = new RateLimiter(maxRate);
    limiter.updateRate(update);
    assert.equal(limiter.currentLimit, expected);
  });
}

test("begins at the initial rate, at most the maximum", () => {
  assert.equal(new RateLimiter(100, 30).currentLimit, 30);
  assert.equal(new RateLimiter(100, 300).currentLimit, 100);
  assert.equal(new RateLimiter(undefined, undefined).isLimited, false);
});

test("holds from the first record on: whoever comes after a debt waits for it", () => {
  const limiter = new RateLimiter(100);
  assert.equal(limiter.take(1, 0), 10);
  assert.equal(limiter.take(1, 10), 10);
  assert.equal(limiter.take(50, 20), 500);
  assert.equal(limiter.take(0, 520), 0);
});

test("saves up to one second of tokens", () => {
  const limiter = new RateLimiter(100);
  limiter.take(0, 0);
  assert.equal(limiter.take(100, 60_000), 0);
  assert.equal(limiter.take(1, 60_000), 10);
});
