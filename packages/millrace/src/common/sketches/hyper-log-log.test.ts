import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addToRegisters,
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
  precisionFor,
} from "./hyper-log-log.ts";

for (const [relativeSD, precision] of [
  [0.5, 4],
  [0.05, 9],
  [0.02, 12],
  [0.01, 14],
] as const) {
  test(`a deviation of ${relativeSD} takes ${precision} bits`, () =>
    assert.equal(precisionFor(relativeSD), precision));
}

for (const wrong of [0, -1, 0.001, Number.NaN]) {
  test(`refuses a deviation of ${wrong}`, () =>
    assert.throws(() => precisionFor(wrong), { code: "MR_BAD_ARGUMENT" }));
}

for (const count of [0, 1, 10, 100, 1000, 10_000, 200_000]) {
  test(`estimates ${count} distinct values within four deviations, whatever their type`, () => {
    for (const value of [(i: number) => i, (i: number) => `key ${i}`, (i: number) => [i % 7, { i }]]) {
      if (count > 10_000 && typeof value(0) === "object") continue;
      const registers = emptyRegisters(12);
      for (let i = 0; i < count; i++) {
        addToRegisters(registers, value(i));
        if (i % 3 === 0) addToRegisters(registers, value(i));
      }
      const error = Math.abs(estimateDistinct(registers) - count);
      assert.ok(error <= Math.max(1, (4 * 1.04 * count) / 64), `off by ${error}`);
    }
  });
}

test("merged sketches are those of both", () => {
  const [left, right, both] = [emptyRegisters(10), emptyRegisters(10), emptyRegisters(10)];
  for (let i = 0; i < 1000; i++) {
    addToRegisters(i % 2 === 0 ? left : right, i);
    addToRegisters(both, i);
  }
  assert.deepEqual(mergeRegisters(left, right), both);
});
