import assert from "node:assert/strict";
import { test } from "node:test";
import { Time } from "../../common/time/index.ts";
import type { BatchInfo } from "../scheduler/batch-info.ts";
import { RateControl } from "./rate-control.ts";

function batch(processingEndTime: number, records: Readonly<Record<number, number>>): BatchInfo {
  const infos = Object.entries(records).map(
    ([id, numRecords]) => [Number(id), { inputStreamId: Number(id), numRecords, metadata: {} }] as const,
  );
  return {
    batchTime: new Time(processingEndTime),
    streamIdToInputInfo: new Map(infos),
    submissionTime: 0,
    processingStartTime: 1,
    processingEndTime,
    outputOperationInfos: new Map(),
    schedulingDelay: 1,
    processingDelay: 2,
    totalDelay: 3,
    numRecords: 0,
  };
}

test("[case 330] each input is given what its own estimator says of its own records", () => {
  const rates: [number, number][] = [];
  const setRate = (streamId: number) => (rate: number) => {
    rates.push([streamId, rate]);
  };
  const control = new RateControl(
    [{ streamId: 0, setRate: setRate(0) }, { streamId: 1 }, { streamId: 2, setRate: setRate(2) }],
    () => ({ compute: (timeMs, numRecords) => (numRecords === 0 ? undefined : numRecords + timeMs + 0.7) }),
  );
  control.batchCompleted(batch(100, { 0: 5, 1: 50 }));
  control.batchCompleted(batch(200, { 2: 7 }));
  assert.deepEqual(rates, [
    [0, 105],
    [2, 207],
  ]);
  assert.deepEqual([...control.latestRates], rates);
});
