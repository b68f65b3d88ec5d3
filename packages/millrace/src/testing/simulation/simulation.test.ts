import assert from "node:assert/strict";
import { test } from "node:test";
import { drawScenario } from "./draw.ts";
import { crashInCall } from "./every-call.ts";
import { expectedOutputs } from "./model.ts";
import { simulate } from "./simulate.ts";

// `npm test -- simulation` runs many more, and every call under every disk model.
for (const seed of [1, 2, 3, 10, 44]) {
  test(`seed ${seed}: nothing is lost, doubled or wrong (npm run simulate -- --seed ${seed})`, async () => {
    await simulate(drawScenario(seed));
  });
}

test("a simulation is the same every time", async () => {
  assert.deepEqual(await simulate(drawScenario(7)), await simulate(drawScenario(7)));
});

for (const model of ["allSynced", "unsyncedLost", "lastWriteTorn", "killed"] as const) {
  test(`a crash in one of the first calls: ${model}`, async () => {
    for (let call = 1; call <= 10; call++) assert.equal(await crashInCall(call, model), true);
  });
}

test("the model counts keys by batch and by window", () => {
  const scenario = {
    ...drawScenario(1),
    pipeline: {
      window: { lengthMs: 2000, slideMs: 2000, hasInverse: true },
      hasTotals: true,
      hasSessions: false,
    },
  };
  const records = [
    [1000, "a", 1],
    [1000, "a", 2],
    [2000, "b", 3],
    [3000, "a", 4],
  ] as const;
  const outputs = expectedOutputs(scenario, records, 0, 4000);
  assert.deepEqual(outputs.get("counts"), [
    [1000, "a", 2],
    [2000, "b", 1],
    [3000, "a", 1],
  ]);
  assert.deepEqual(outputs.get("window"), [
    [2000, "a", 2],
    [2000, "b", 1],
    [4000, "a", 1],
  ]);
});
