import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile, studentQuantile } from "./quantiles.ts";
import { StatCounter } from "./stat-counter.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("counts, means and spreads", () => {
  const counter = new StatCounter([1, 2, 3, 4]);
  assert.deepEqual(
    [counter.count, counter.sum, counter.mean, counter.min, counter.max, counter.variance],
    [4, 10, 2.5, 1, 4, 1.25],
  );
  near(counter.sampleVariance, 5 / 3, 1e-12);
  near(counter.sampleStdev, Math.sqrt(5 / 3), 1e-12);
  assert.equal(counter.popStdev, Math.sqrt(counter.popVariance));
});

test("nothing has no spread", () => {
  const { count, mean, variance, sampleVariance, min, max } = new StatCounter();
  assert.deepEqual(
    [count, mean, variance, sampleVariance, min, max],
    [0, 0, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
});

for (const [left, right] of [
  [3, 100],
  [100, 3],
  [50, 60],
  [0, 5],
  [5, 0],
] as const) {
  test(`merging ${left} and ${right} is the same as seeing all`, () => {
    const values = Array.from({ length: left + right }, (_, i) => 1e6 + Math.sin(i) * 10);
    const parts = new StatCounter(values.slice(0, left)).merge(new StatCounter(values.slice(left)));
    const whole = new StatCounter(values);
    near(parts.mean, whole.mean, 1e-6);
    near(parts.variance, whole.variance, 1e-6);
    assert.deepEqual([parts.count, parts.min, parts.max], [whole.count, whole.min, whole.max]);
  });
}

for (const [p, z] of [
  [0.5, 0],
  [0.975, 1.959964],
  [0.995, 2.575829],
  [0.01, -2.326348],
] as const) {
  test(`normal quantile of ${p}`, () => near(normalQuantile(p), z, 1e-6));
}

for (const [degrees, t, tolerance] of [
  [1, 12.7062, 1e-3],
  [2, 4.3027, 1e-3],
  [3, 3.1824, 0.06],
  [5, 2.5706, 0.01],
  [10, 2.2281, 1e-3],
  [100, 1.984, 1e-3],
] as const) {
  test(`Student's quantile of 0.975 with ${degrees} degrees of freedom`, () =>
    near(studentQuantile(0.975, degrees), t, tolerance));
}
