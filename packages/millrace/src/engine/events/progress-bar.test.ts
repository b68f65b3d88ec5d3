import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { StageInfo } from "./events.ts";
import { ProgressBar } from "./progress-bar.ts";

test("long stages show on a terminal, and go", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const bar = new ProgressBar(platform, () => 60);
  const started = platform.clock.now();
  const stage: StageInfo = { stageId: 7, name: "count", numTasks: 3, rddId: 1, submissionTime: started };
  const task = { taskId: 1, index: 0, attempt: 0, launchTime: started, slot: 0 };
  const lastLine = () =>
    platform.host.stderrText
      .split("\r")
      .filter(line => line.trim() !== "")
      .at(-1);
  bar.onStageSubmitted({ kind: "stageSubmitted", jobId: 0, stage, properties: {} });
  bar.onTaskStart({ kind: "taskStart", stageId: 7, task });
  await platform.advance(450);
  assert.equal(lastLine(), undefined);
  await platform.advance(300);
  assert.equal(lastLine(), "[Stage 7:>                                     (0 + 1) / 3]");
  bar.onTaskEnd({ kind: "taskEnd", stageId: 7, task });
  await platform.advance(300);
  assert.equal(lastLine(), "[Stage 7:============>                         (1 + 0) / 3]");
  bar.onStageCompleted({ kind: "stageCompleted", jobId: 0, stage, accumulables: [] });
  assert.match(platform.host.stderrText, /\r +\r$/);
});
