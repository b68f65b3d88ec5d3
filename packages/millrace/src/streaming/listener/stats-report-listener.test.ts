import assert from "node:assert/strict";
import { test } from "node:test";
import { Time } from "../../common/time/index.ts";
import { quartilesOf } from "./distribution.ts";
import { StatsReportListener } from "./stats-report-listener.ts";

function completed(processingDelay: number) {
  const batchInfo = {
    batchTime: new Time(1000),
    streamIdToInputInfo: new Map(),
    submissionTime: 0,
    processingStartTime: 1,
    processingEndTime: 1 + processingDelay,
    outputOperationInfos: new Map(),
    schedulingDelay: 1,
    processingDelay,
    totalDelay: processingDelay + 1,
    numRecords: 0,
  };
  return { batchInfo };
}

test("[case 823] quartiles are numbers of the list", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(quartilesOf(numbers), { count: 100, min: 1, lower: 26, median: 51, upper: 76, max: 100 });
  assert.deepEqual(quartilesOf([7]), { count: 1, min: 7, lower: 7, median: 7, upper: 7, max: 7 });
  assert.equal(quartilesOf([]), undefined);
});

test("reports over the last batches only", () => {
  const lines: string[] = [];
  const listener = new StatsReportListener(2, line => lines.push(line));
  for (const delay of [100, 3, 5]) listener.onBatchCompleted(completed(delay));
  assert.deepEqual(lines.slice(-2), [
    "Total delay: count 2, min 4 ms, 25 % 4 ms, median 6 ms, 75 % 6 ms, max 6 ms",
    "Processing time: count 2, min 3 ms, 25 % 3 ms, median 5 ms, 75 % 5 ms, max 5 ms",
  ]);
  assert.throws(() => new StatsReportListener(0), { code: "MR_BAD_ARGUMENT" });
});
