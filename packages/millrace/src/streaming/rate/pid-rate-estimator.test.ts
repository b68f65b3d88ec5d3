import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { PIDRateEstimator } from "./pid-rate-estimator.ts";
import { createRateEstimator } from "./rate-estimator.ts";

const settings = { proportional: 1, integral: 0.2, derived: 0, minRate: 100 };

test("[case 326] with some accumulated error it stays below the speed of processing", () => {
  const { random } = createDeterministicPlatform({ seed: 1 });
  const estimator = new PIDRateEstimator(20, { proportional: 1, integral: 0.01, derived: 0, minRate: 10 });
  for (let i = 0; i < 50; i++) {
    const records = 1000 + Math.floor(random.next() * 1000);
    const rate = estimator.compute(i * 20, records, 20, 1 + Math.floor(random.next() * 19));
    if (i === 0) assert.equal(rate, undefined);
    else assert.ok(rate !== undefined && rate < (records / 20) * 1000 && rate >= 10, String(rate));
  }
});

test("the derivative counts how fast the error grows", () => {
  const estimator = new PIDRateEstimator(1000, { proportional: 0, integral: 0, derived: 1, minRate: 1 });
  assert.equal(estimator.compute(0, 1000, 1000, 0), undefined);
  // 500 records a second too fast, where two seconds ago there was no error.
  assert.equal(estimator.compute(2000, 500, 1000, 0), 1000 - 500 / 2);
});

test("there is one estimator", () => {
  assert.ok(createRateEstimator({ estimator: "pid", pid: settings }, 1000) instanceof PIDRateEstimator);
  assert.throws(() => createRateEstimator({ estimator: "best", pid: settings }, 1000), {
    code: "MR_BAD_ARGUMENT",
    message: /Unknown rate estimator: best/,
  });
});
